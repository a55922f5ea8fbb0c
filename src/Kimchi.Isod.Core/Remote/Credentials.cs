namespace Kimchi.Isod.Core.Remote;

/// <summary>A user's name and password for the server that a URL names. Never logged: its text form tells nothing.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="Password">The password; empty when there is none.</param>
public sealed record Credentials(string UserName, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => "(credentials)";
}
