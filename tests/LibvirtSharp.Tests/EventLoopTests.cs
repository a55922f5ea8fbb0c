using System.IO.Pipes;
using LibvirtSharp.Events;

namespace LibvirtSharp.Tests;

/// <summary>The loop by itself, run by the test: what libvirt-event.h promises to those that it calls back.</summary>
public sealed class EventLoopTests
{
    private EventLoop _loop = null!;
    private AnonymousPipeServerStream _sender = null!;
    private AnonymousPipeClientStream _receiver = null!;

    private int Descriptor => (int)_receiver.SafePipeHandle.DangerousGetHandle();

    [SetUp]
    public void Make()
    {
        _loop = new EventLoop();
        _sender = new AnonymousPipeServerStream(PipeDirection.Out);
        _receiver = new AnonymousPipeClientStream(PipeDirection.In, _sender.ClientSafePipeHandle);
    }

    [TearDown]
    public void Dispose()
    {
        _loop.Dispose();
        _receiver.Dispose();
        _sender.Dispose();
    }

    [Test]
    public void Readable_handle_is_called_back_until_it_is_read()
    {
        var calls = new List<(int Watch, int Descriptor, LoopEvents Events)>();
        var watch = _loop.Handles.Add(Descriptor, LoopEvents.Readable, (w, d, e) => calls.Add((w, d, e)), Nothing);
        _sender.WriteByte(1);

        _loop.RunOnce();
        _loop.RunOnce();
        _receiver.ReadByte();
        RunAll();

        Assert.That(calls, Is.EqualTo(new[] { (watch, Descriptor, LoopEvents.Readable), (watch, Descriptor, LoopEvents.Readable) }));
    }

    [Test]
    public void Resting_handle_hears_of_what_came_meanwhile_when_it_listens_again()
    {
        var calls = 0;
        var watch = _loop.Handles.Add(Descriptor, LoopEvents.Readable, (_, _, _) => calls++, Nothing);
        _loop.Handles.Update(watch, LoopEvents.None);
        _sender.WriteByte(1);
        RunAll();
        Assert.That(calls, Is.Zero);

        _loop.Handles.Update(watch, LoopEvents.Readable);
        _loop.RunOnce();

        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void Hangup_that_nobody_listens_to_does_not_keep_the_loop_busy()
    {
        var watch = _loop.Handles.Add(Descriptor, LoopEvents.Readable, (_, _, _) => Assert.Fail("it rests"), Nothing);
        _loop.Handles.Update(watch, LoopEvents.None);
        _sender.Dispose();
        _loop.RunOnce();

        var isDone = false;
        _loop.RunLater(() => isDone = true);
        _loop.RunOnce();

        Assert.That(isDone, "one round is enough, for nothing else is reported");
    }

    [Test]
    public void Hangup_is_told()
    {
        var met = LoopEvents.None;
        _loop.Handles.Add(Descriptor, LoopEvents.Readable, (_, _, events) => met = events, Nothing);
        _sender.Dispose();

        _loop.RunOnce();

        Assert.That(met.HasFlag(LoopEvents.Hangup));
    }

    [Test]
    public void Handle_that_removes_itself_is_freed_after_its_callback_and_called_no_more()
    {
        var story = new List<string>();
        _loop.Handles.Add(
            Descriptor,
            LoopEvents.Readable,
            (watch, _, _) =>
            {
                Assert.That(_loop.Handles.Remove(watch));
                story.Add("called");
            },
            () => story.Add("freed"));
        _sender.WriteByte(1);

        _loop.RunOnce();
        RunAll();

        Assert.That(story, Is.EqualTo(new[] { "called", "freed" }));
    }

    [Test]
    public void Handle_that_another_one_removes_in_the_same_round_is_not_called()
    {
        using var sender = new AnonymousPipeServerStream(PipeDirection.Out);
        using var receiver = new AnonymousPipeClientStream(PipeDirection.In, sender.ClientSafePipeHandle);
        var watches = new int[2];
        var calls = 0;
        watches[0] = Add(Descriptor, 1);
        watches[1] = Add((int)receiver.SafePipeHandle.DangerousGetHandle(), 0);
        _sender.WriteByte(1);
        sender.WriteByte(1);

        _loop.RunOnce();

        Assert.That(calls, Is.EqualTo(1));

        int Add(int descriptor, int other) => _loop.Handles.Add(
            descriptor,
            LoopEvents.Readable,
            (_, _, _) =>
            {
                calls++;
                _loop.Handles.Remove(watches[other]);
            },
            Nothing);
    }

    [Test]
    public void Removal_by_another_thread_frees_on_the_loops_own()
    {
        var freedOn = 0;
        var watch = _loop.Handles.Add(Descriptor, LoopEvents.Readable, (_, _, _) => { }, () => freedOn = Environment.CurrentManagedThreadId);

        var remover = new Thread(() => _loop.Handles.Remove(watch));
        remover.Start();
        remover.Join();
        Assert.That(freedOn, Is.Zero, "not inside of the removal, whose caller may hold a lock");
        _loop.RunOnce();

        Assert.That(freedOn, Is.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void What_cannot_be_waited_for_or_is_not_there_is_refused()
    {
        using var file = File.OpenRead(typeof(EventLoopTests).Assembly.Location);

        Assert.That(_loop.Handles.Add((int)file.SafeFileHandle.DangerousGetHandle(), LoopEvents.Readable, (_, _, _) => { }, Nothing), Is.EqualTo(-1));
        Assert.That(_loop.Handles.Remove(77), Is.False);
        Assert.That(_loop.Timers.Remove(77), Is.False);
        Assert.That(() => _loop.Handles.Update(77, LoopEvents.Readable), Throws.Nothing);
    }

    [Test]
    public void Timeout_comes_again_and_again_until_it_is_removed_and_freed()
    {
        var calls = 0;
        var isFreed = false;
        _loop.Timers.Add(1, timer => { if (++calls == 3) _loop.Timers.Remove(timer); }, () => isFreed = true);

        while (!isFreed) _loop.RunOnce();
        RunAll();

        Assert.That(calls, Is.EqualTo(3));
    }

    [Test]
    public void Timeout_that_is_off_comes_when_it_is_set()
    {
        var calls = 0;
        var timer = _loop.Timers.Add(-1, _ => calls++, Nothing);
        RunAll();
        Assert.That(calls, Is.Zero);

        _loop.Timers.Update(timer, 0);
        while (calls == 0) _loop.RunOnce();
        _loop.Timers.Update(timer, -1);
        var before = calls;
        RunAll();

        Assert.That(calls, Is.EqualTo(before));
    }

    [Test]
    public void Timeout_that_is_put_off_does_not_hide_a_later_one()
    {
        var calls = 0;
        var putOff = _loop.Timers.Add(1, _ => Assert.Fail("it was put off"), Nothing);
        _loop.Timers.Update(putOff, (int)TimeSpan.FromHours(1).TotalMilliseconds);
        _loop.Timers.Add(2, _ => calls++, Nothing);

        while (calls == 0) _loop.RunOnce();
    }

    private static void Nothing()
    {
    }

    // All that is there to be done, as something that comes last tells.
    private void RunAll()
    {
        var isDone = false;
        _loop.RunLater(() => isDone = true);
        while (!isDone) _loop.RunOnce();
    }
}
