using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>A line now and then, for logs and for terminals that can do no more: at each change of state, and at progress.</summary>
internal sealed class LinesView(TextWriter output, TimeProvider time) : IProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (string Status, string? Error, long At)> _told = new(StringComparer.Ordinal);
    private string _said = "";

    public void Show(Download download)
    {
        _said = "";
        var isTold = _told.TryGetValue(download.Name, out var told) && told.Status == download.Status && told.Error == download.Error
            && time.GetElapsedTime(told.At) < Interval;
        if (isTold) return;
        _told[download.Name] = (download.Status, download.Error, time.GetTimestamp());
        output.WriteLine(DownloadLine.Describe(download));
    }

    public void Forget(Download download)
    {
        _told.Remove(download.Name);
        output.WriteLine($"{Printable.Escape(download.Name)}: forgotten");
    }

    public void Say(string text)
    {
        if (text == _said) return;
        _said = text;
        output.WriteLine(text);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
