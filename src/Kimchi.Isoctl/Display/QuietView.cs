using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>Shows nothing: the exit code tells.</summary>
internal sealed class QuietView : IProgressView
{
    public void Show(Download download)
    {
    }

    public void Forget(Download download)
    {
    }

    public void Say(string text)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
