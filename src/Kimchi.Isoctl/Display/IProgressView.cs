using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>Shows downloads while the user waits.</summary>
internal interface IProgressView : IAsyncDisposable
{
    /// <summary>Shows a download as it is now.</summary>
    void Show(Download download);

    /// <summary>Shows that a download was forgotten.</summary>
    /// <param name="download">The download as it was shown last.</param>
    void Forget(Download download);

    /// <summary>Tells something that is not of one download.</summary>
    void Say(string text);
}
