namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>Holds a transfer at a byte until the test opens it, and tells when the transfer has come there.</summary>
internal sealed class Gate(long position)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Open() => _opened.TrySetResult();

    public Task PassAsync(long at, CancellationToken cancellationToken)
    {
        if (at < position) return Task.CompletedTask;
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}
