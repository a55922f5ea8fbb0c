using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Watching;

/// <summary>What a <see cref="FeedReader"/> has heard since it last asked.</summary>
/// <param name="Forgotten">The downloads whose records were dropped, in that order. A name among them may be that of a changed one, which
/// is another download then, and newer.</param>
/// <param name="Changed">The downloads that have changed, in the order of their first change.</param>
public sealed record FeedNews(IReadOnlyList<ForgottenDownload> Forgotten, IReadOnlyList<Download> Changed)
{
    /// <summary>Whether there was nothing to hear.</summary>
    public bool IsEmpty => Forgotten.Count == 0 && Changed.Count == 0;
}
