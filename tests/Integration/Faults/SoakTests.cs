namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Images that come over one connection within a second or two.</summary>
[Explicit("it takes many minutes: tests/soak.sh")]
public sealed class OneConnectionSoakTests : SoakTest;

/// <summary>Images that come slowly enough for several connections.</summary>
[Explicit("it takes many minutes: tests/soak.sh")]
public sealed class SegmentSoakTests : SoakTest
{
    private protected override (string Key, string Value)[] Settings =>
        [.. base.Settings, ("downloads:connections", "4"), ("network:connections_per_host", "16"), ("log:level", "debug")];

    private protected override TimeSpan LongestPause => TimeSpan.FromSeconds(3);

    private protected override int? NextSize => Killer.Next(15_000_000) + 10_000_000;

    [SetUp]
    public void SlowDown() => Server.Pace = TimeSpan.FromMilliseconds(25);

    [TearDown]
    public void AssertSeveral() => Assert.That(Daemon.Log, Does.Match("[2-4] connections, at"));
}
