namespace Kimchi.Isod.Core.Remote;

/// <summary>How good the name of a file is for an image.</summary>
public enum FileNameRank
{
    /// <summary>That of an image, by its extension, compressed or not.</summary>
    Image,

    /// <summary>Any other.</summary>
    Other,

    /// <summary>That of a script, or a word for what is done with a file: <c>get.php</c>, <c>download</c>.</summary>
    Generic,
}
