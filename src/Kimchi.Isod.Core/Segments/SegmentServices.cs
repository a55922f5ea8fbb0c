using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Segments;

/// <summary>What the connections of a download share with those of others.</summary>
/// <param name="Hosts">How many connections servers may have.</param>
/// <param name="Memory">The memory for pieces.</param>
/// <param name="Limits">The limits of the rate.</param>
/// <param name="Time">The clock.</param>
internal sealed record SegmentServices(HostConnections Hosts, BufferBudget Memory, RateLimit[] Limits, TimeProvider Time)
{
    /// <summary>Looks at the pieces that have come; null where nothing is known of them.</summary>
    public PieceCheck? Check { get; init; }
}
