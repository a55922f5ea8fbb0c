using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Tests;

public sealed class PatientWaitTests
{
    private readonly PatientWait _wait = new();

    [Test]
    public void Task_that_is_done_is_not_waited_for() => Assert.That(_wait.For(Task.CompletedTask, TimeSpan.Zero));

    [Test]
    public void Patience_ends_the_wait()
    {
        var never = new TaskCompletionSource();

        Assert.That(_wait.For(never.Task, TimeSpan.Zero), Is.False);
        Assert.That(_wait.For(never.Task, TimeSpan.FromMilliseconds(1)), Is.False);
    }

    [Test]
    public void Failed_task_is_done()
    {
        var failed = new TaskCompletionSource();
        using var failing = new Timer(_ => failed.TrySetException(new IOException("broken")), null, 1, Timeout.Infinite);

        Assert.That(_wait.For(failed.Task, Timeout.InfiniteTimeSpan));
        Assert.That(failed.Task.Exception!.InnerException, Is.TypeOf<IOException>());
    }

    [Test]
    public void Earlier_tasks_end_ends_no_later_wait()
    {
        var earlier = new TaskCompletionSource();
        var later = new TaskCompletionSource();
        Assert.That(_wait.For(earlier.Task, TimeSpan.Zero), Is.False);
        var isDone = false;
        var waiter = new Thread(() => isDone = _wait.For(later.Task, Timeout.InfiniteTimeSpan));
        waiter.Start();
        while (waiter.ThreadState is not ThreadState.WaitSleepJoin) Thread.Yield();

        earlier.SetResult();
        Assert.That(waiter.Join(TimeSpan.FromMilliseconds(100)), Is.False, "the later one is not done");
        later.SetResult();
        waiter.Join();

        Assert.That(isDone, "it waited for the later one");
    }
}
