using Kimchi.Isod.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Kimchi.Isoctl.Display;

/// <summary>A bar for each download, drawn anew at each change.</summary>
internal sealed class BarsView : IProgressView
{
    private readonly Lock _gate = new();
    private readonly List<Download> _downloads = [];
    private readonly TaskCompletionSource _over = new();
    private readonly TaskCompletionSource<LiveDisplayContext> _begun = new();
    private readonly Task _live;
    private string? _said;

    public BarsView(IAnsiConsole console)
    {
        var live = console.Live(new Bars(this)).Overflow(VerticalOverflow.Ellipsis);
        _live = Task.Run(() => live.StartAsync(context =>
        {
            _begun.SetResult(context);
            return _over.Task;
        }));
    }

    public void Show(Download download)
    {
        lock (_gate)
        {
            _said = null;
            var index = _downloads.FindIndex(d => d.Name == download.Name);
            if (index < 0) _downloads.Add(download);
            else _downloads[index] = download;
        }

        Refresh();
    }

    public void Forget(Download download)
    {
        lock (_gate) _downloads.RemoveAll(d => d.Id == download.Id);
        Refresh();
    }

    public void Say(string text)
    {
        lock (_gate) _said = text;
        Refresh();
    }

    public async ValueTask DisposeAsync()
    {
        await _begun.Task;
        _over.TrySetResult();
        await _live;
    }

    private void Refresh()
    {
        if (_begun.Task.IsCompletedSuccessfully) _begun.Task.Result.Refresh();
        else _ = _begun.Task.ContinueWith(begun => begun.Result.Refresh(), TaskScheduler.Default);
    }

    private List<Segment> Draw(int width)
    {
        List<Segment> segments = [];
        lock (_gate)
        {
            var nameWidth = _downloads.Select(d => Printable.Escape(d.Name).Length).DefaultIfEmpty().Max();
            var connectionsWidth = _downloads.Select(d => ProgressBar.Connections(d).Length).DefaultIfEmpty().Max();
            foreach (var download in _downloads) Draw(download, width, nameWidth, connectionsWidth, segments);
            if (_said is not null) AddLine(segments, new Segment(_said.Length < width ? _said : _said[..Math.Max(0, width - 1)]));
        }

        return segments;
    }

    private static void Draw(Download download, int width, int nameWidth, int connectionsWidth, List<Segment> segments)
    {
        var (before, filled, after) = ProgressBar.Draw(download, width, nameWidth, connectionsWidth);
        AddLine(segments, new Segment(before), new Segment(filled, new Style(ColorOf(download.Status))), new Segment(after));
        if (ProgressBar.Mirrors(download, width) is { } mirrors) AddLine(segments, new Segment(mirrors));
        if (ProgressBar.Trouble(download, width) is { } trouble) AddLine(segments, new Segment(trouble, new Style(ColorOf(download.Status))));
    }

    private static void AddLine(List<Segment> segments, params ReadOnlySpan<Segment> line)
    {
        if (segments.Count > 0) segments.Add(Segment.LineBreak);
        segments.AddRange(line);
    }

    private static Color ColorOf(string status) => status switch
    {
        DownloadStatus.Failed or DownloadStatus.Cancelled => Color.Red,
        DownloadStatus.Retrying or DownloadStatus.Paused => Color.Yellow,
        _ => Color.Green,
    };

    private sealed class Bars(BarsView view) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => view.Draw(maxWidth);
    }
}
