using System.Text;
using IdnSharp;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Internationalized host names, as name servers know them.</summary>
internal static class HostNames
{
    /// <summary>The same URL with its host in ASCII. What becomes an address that way (in full-width digits, say) is one from then on.</summary>
    /// <exception cref="DownloadException">No host can have that name (<see cref="DownloadErrorKind.UrlInvalid"/>).</exception>
    public static RemoteUrl Map(RemoteUrl url)
    {
        if (Ascii.IsValid(url.Uri.Host)) return url;
        try
        {
            return url.WithHost(HostName.ToAscii(url.Uri.Host));
        }
        catch (IdnException e)
        {
            throw new DownloadException(DownloadErrorKind.UrlInvalid, $"the URL cannot be used: no host can have the name '{url.Uri.Host}': {e.Message}", e);
        }
        catch (IdnNotInstalledException e)
        {
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, $"{url}: the host's name cannot be looked up: {e.Message}", e);
        }
    }
}
