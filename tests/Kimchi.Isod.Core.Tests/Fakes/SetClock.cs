namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>The system's clocks, of which somebody sets the one that tells the date.</summary>
internal sealed class SetClock : TimeProvider
{
    /// <summary>How far it has been set.</summary>
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
