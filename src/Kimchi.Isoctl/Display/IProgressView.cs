using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>Shows downloads while the user waits.</summary>
internal interface IProgressView : IAsyncDisposable
{
    /// <summary>Shows a download as it is now.</summary>
    void Show(Download download);

    /// <summary>Tells something that is not of one download.</summary>
    void Say(string text);
}
