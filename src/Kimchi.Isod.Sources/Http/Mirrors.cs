using System.Net;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Mirrors behind one name, each with an entity tag of its own for the same file.</summary>
/// <remarks>Their bytes are never put together, since nothing proves that they are the same. But the mirror of the first bytes can be
/// asked for the rest, where it is found again.</remarks>
internal static class Mirrors
{
    /// <summary>How often another reply is asked for. Of two mirrors that are chosen by chance, the right one is missed 1 time in 32.</summary>
    public const int MostAsked = 4;

    /// <summary>Whether a reply is of another mirror, as it seems: the file's date and size are the expected ones, its tag is not.</summary>
    public static bool IsAnother(HttpReply reply, Validator expected)
    {
        if (reply.Status is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) return false;
        var found = reply.Version;
        return expected is { ETag: not null, LastModified: not null, SourceSize: not null }
            && found.ETag is not null && found.ETag != expected.ETag
            && found.LastModified == expected.LastModified && found.SourceSize == expected.SourceSize;
    }
}
