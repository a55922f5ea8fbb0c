namespace Kimchi.Isod.Core.Remote;

/// <summary>What the end of a reply's bytes says of the file's end.</summary>
public enum EndEvidence
{
    /// <summary>Nothing: the connection ended, and may have been cut, whatever FTP's 226 says of a file whose size it never told.</summary>
    None = 0,

    /// <summary>The file ends there: by its length, by the last chunk, by TLS's close_notify, or by FTP's word that all of its size was
    /// sent.</summary>
    Told,

    /// <summary>What was announced ends there, and the file goes on behind it, or may.</summary>
    Part,
}
