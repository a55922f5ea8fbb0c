namespace Kimchi.Isod.Sources.Ftp;

/// <summary>A server's reply to a command: RFC 959, section 4.2.</summary>
/// <param name="Command">The command's name, without what follows it; empty for the greeting.</param>
/// <param name="Code">Three digits.</param>
/// <param name="Text">The server's words without control characters, perhaps many, and perhaps with the login among them.</param>
internal sealed record FtpReply(string Command, int Code, string Text)
{
    /// <summary>The command was refused, but may be taken later (4yz).</summary>
    public bool IsTransientRefusal => Code is >= 400 and < 500;

    /// <summary>The command was refused for good (5yz).</summary>
    public bool IsPermanentRefusal => Code >= 500;

    /// <summary>It speaks of the connection for the commands or the data, not of the file (421, 425, 426).</summary>
    public bool IsOfConnection => Code is 421 or 425 or 426;

    public override string ToString() => $"{Code} {Text}".TrimEnd();
}
