namespace Kimchi.Isod.Sources;

/// <summary>Addresses of proxies: of the configuration, and of the environment.</summary>
public static class ProxyAddress
{
    // Those that SocketsHttpHandler takes, and curl's name for one of them. At any other, each request would fail.
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

    /// <summary>Reads an address; null for one that requests cannot go through.</summary>
    public static Uri? Parse(string text) =>
        // Its scheme first: TryCreate of .NET 10 throws at some file URLs.
        Schemes.Any(scheme => text.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase))
        && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Port != 0 && HasHost(address) ? address : null;

    // System.Uri takes hosts that it cannot write, or reads otherwise then: with halves of characters, marks of the writing direction or
    // an '@' in them.
    private static bool HasHost(Uri address)
    {
        try
        {
            return new UriBuilder(address.Scheme, address.IdnHost, 1).Uri is { Host.Length: > 0, UserInfo.Length: 0 };
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
