using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>A start whose URL leads to one of several mirrors, of which some do not have the file.</summary>
public sealed class MirrorTriesTests
{
    private static readonly RemoteRequest Request = new(RemoteUrl.Parse("https://host/a.iso"), null);

    private NoWaiting _time = null!;

    [SetUp]
    public void SetTime() => _time = new NoWaiting();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public async Task Start_goes_on_to_another_mirror_after_longer_and_longer(int refusals)
    {
        var source = new ScriptedSource([1]);
        for (var i = 0; i < refusals; i++) source.FailNextOpen(Refusal().OfMirror());

        await using var file = await MirrorTries.OpenAsync(source, Request, _time, CancellationToken.None);

        Assert.That(file.Info.SourceSize, Is.EqualTo(1));
        Assert.That(_time.Waits.Select(w => w.TotalMilliseconds), Is.EqualTo(new double[] { 250, 500, 1000 }.Take(refusals)));
    }

    [Test]
    public async Task Start_gives_up_after_four_mirrors()
    {
        var source = new ScriptedSource([1]);
        for (var i = 0; i < 4; i++) source.FailNextOpen(Refusal($"{i}").OfMirror());

        await Assert.ThatAsync(
            () => MirrorTries.OpenAsync(source, Request, _time, CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("IsOfMirror").True.And.Message.EqualTo("3"));
        Assert.That(source.OpenedAt, Is.Empty);
    }

    [Test]
    public async Task Refusal_that_is_no_mirrors_is_told_at_once()
    {
        var source = new ScriptedSource([1]);
        source.FailNextOpen(Refusal());

        await Assert.ThatAsync(
            () => MirrorTries.OpenAsync(source, Request, _time, CancellationToken.None), Throws.TypeOf<DownloadException>().With.Message.EqualTo("404"));
        Assert.That(_time.Waits, Is.Empty);
    }

    [Test]
    public async Task Start_leads_on_to_another_mirror_by_itself()
    {
        var world = new World(100_000, time: _time);
        world.Source.FailNextOpen(Refusal().OfMirror());

        await world.StartAsync();
    }

    [Test]
    public void Failure_of_a_mirror_keeps_what_it_says_and_may_pass()
    {
        var inner = new InvalidOperationException();
        var failure = DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "503", inner, TimeSpan.FromSeconds(7)).OfMirror();

        Assert.That(
            (failure.Kind, failure.Message, failure.InnerException, failure.RetryAfter, failure.IsTransient, failure.IsOfMirror),
            Is.EqualTo((DownloadErrorKind.RemoteUnreadable, "503", inner, TimeSpan.FromSeconds(7), true, true)));
        Assert.That(Refusal().OfMirror().IsTransient, Is.True);
    }

    private static DownloadException Refusal(string message = "404") => new(DownloadErrorKind.RemoteUnreadable, message);

    // Whoever waits goes on at once, and how long it would have been is noted.
    private sealed class NoWaiting : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (Waits) Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
