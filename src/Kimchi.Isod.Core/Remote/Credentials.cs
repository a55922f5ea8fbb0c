namespace Kimchi.Isod.Core.Remote;

/// <summary>A user's name and password for the server that a URL names. Never logged: its text form tells nothing.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="Password">The password; empty when there is none.</param>
public sealed record Credentials(string UserName, string Password)
{
    /// <summary>Reads the user information of a URL (RFC 3986, section 3.2.1), percent-decoded; null when it is empty.</summary>
    public static Credentials? FromUserInfo(string userInfo)
    {
        if (userInfo.Length == 0) return null;
        var parts = userInfo.Split(':', 2);
        return new Credentials(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    /// <inheritdoc/>
    public override string ToString() => "(credentials)";
}
