using System.IO.Pipes;
using LibvirtSharp.Events;

namespace LibvirtSharp.Tests;

/// <summary>The loop's rules, on pipes; that libvirt is content with it show <see cref="LostConnectionTests"/>.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventLoopTests : IDisposable
{
    private readonly EventLoop _loop = new();
    private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _reader;
    private readonly List<string> _calls = [];

    public EventLoopTests() => _reader = new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle);

    private int Descriptor => (int)_reader.SafePipeHandle.DangerousGetHandle();

    public void Dispose()
    {
        _loop.Dispose();
        _writer.Dispose();
        _reader.Dispose();
    }

    [Test]
    public void Ready_handle_is_called_again_until_it_is_read()
    {
        var watch = Add(LoopEvents.Readable);
        _writer.WriteByte(1);

        _loop.RunOnce();
        _loop.RunOnce();

        Assert.That(_calls, Is.EqualTo(new[] { $"{watch} Readable", $"{watch} Readable" }));
    }

    [Test]
    public void Hangup_is_told()
    {
        var watch = Add(LoopEvents.Readable);
        _writer.Dispose();

        _loop.RunOnce();

        Assert.That(_calls, Is.EqualTo(new[] { $"{watch} Hangup" }));
    }

    [Test]
    public void Handle_that_rests_is_not_called_and_loses_nothing()
    {
        var watch = Add(LoopEvents.Readable);
        _loop.Handles.Update(watch, LoopEvents.None);
        _writer.WriteByte(1);
        _loop.RunOnce();
        Assert.That(_calls, Is.Empty);

        _loop.Handles.Update(watch, LoopEvents.Readable);
        _loop.RunOnce();

        Assert.That(_calls, Is.EqualTo(new[] { $"{watch} Readable" }));
    }

    [Test]
    public void Handle_that_is_added_at_rest_waits_for_its_update()
    {
        var watch = Add(LoopEvents.None);
        _writer.WriteByte(1);
        _loop.RunLater(() => _calls.Add("later"));
        _loop.RunOnce();

        _loop.Handles.Update(watch, LoopEvents.Readable);
        _loop.RunOnce();

        Assert.That(_calls, Is.EqualTo(new[] { "later", $"{watch} Readable" }));
    }

    [Test]
    public void Handle_may_remove_itself_and_is_freed_after_its_callback()
    {
        var watch = 0;
        watch = _loop.Handles.Add(Descriptor, LoopEvents.Readable, (_, _, _) =>
        {
            Assert.That(_loop.Handles.Remove(watch));
            _calls.Add("called");
        }, () => _calls.Add("freed"));
        _writer.WriteByte(1);

        _loop.RunOnce();

        Assert.That(_calls, Is.EqualTo(new[] { "called", "freed" }));
        Assert.That(_loop.Handles.Remove(watch), Is.False);
    }

    [Test]
    public void Handle_removed_by_another_that_was_ready_with_it_is_not_called()
    {
        using var otherWriter = new AnonymousPipeServerStream(PipeDirection.Out);
        using var otherReader = new AnonymousPipeClientStream(PipeDirection.In, otherWriter.ClientSafePipeHandle);
        var watches = new List<int>();
        var descriptors = new[] { Descriptor, (int)otherReader.SafePipeHandle.DangerousGetHandle() };
        foreach (var descriptor in descriptors)
            watches.Add(_loop.Handles.Add(descriptor, LoopEvents.Readable, RemoveTheOther, () => { }));
        _writer.WriteByte(1);
        otherWriter.WriteByte(1);

        _loop.RunOnce();

        Assert.That(_calls, Has.Count.EqualTo(1));

        void RemoveTheOther(int watch, int descriptor, LoopEvents events)
        {
            _calls.Add("called");
            _loop.Handles.Remove(watches.Single(other => other != watch));
        }
    }

    [Test]
    public void Descriptor_is_watched_once_and_again_after_its_removal()
    {
        var watch = Add(LoopEvents.Readable);
        Assert.That(Add(LoopEvents.Readable), Is.EqualTo(-1));

        _loop.Handles.Remove(watch);

        Assert.That(Add(LoopEvents.Readable), Is.GreaterThan(watch));
    }

    [Test]
    public void File_cannot_be_watched()
    {
        using var file = File.OpenHandle(typeof(EventLoop).Assembly.Location);
        var watch = _loop.Handles.Add((int)file.DangerousGetHandle(), LoopEvents.Readable, (_, _, _) => { }, () => { });
        Assert.That(watch, Is.EqualTo(-1));
    }

    [Test]
    public void Removal_is_freed_by_the_loop_and_not_by_its_caller()
    {
        var watch = Add(LoopEvents.Readable);
        var timer = _loop.Timers.Add(-1, _ => { }, () => _calls.Add("timer freed"));

        _loop.Handles.Remove(watch);
        _loop.Timers.Remove(timer);
        Assert.That(_calls, Is.Empty);
        _loop.RunOnce();

        Assert.That(_calls, Is.EqualTo(new[] { "freed", "timer freed" }));
    }

    [Test]
    public async Task Waiting_loop_notices_what_other_threads_change([Values] bool isTimer)
    {
        _writer.WriteByte(1);
        var running = Task.Run(_loop.RunOnce);
        if (isTimer) _loop.Timers.Add(1, _ => _calls.Add("called"), () => { });
        else Add(LoopEvents.Readable);

        await running.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(_calls, Has.Count.EqualTo(1));
    }

    private int Add(LoopEvents events) =>
        _loop.Handles.Add(Descriptor, events, (watch, _, met) => _calls.Add($"{watch} {met}"), () => _calls.Add("freed"));
}
