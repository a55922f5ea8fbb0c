using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>A place beside a file where its checksum may be.</summary>
/// <param name="Url">The address.</param>
/// <param name="IsOfFile">Whether it is of that file alone, so that its entry need not name it.</param>
internal sealed record PublishedList(RemoteUrl Url, bool IsOfFile);

/// <summary>Where publishers put checksums: the names beside a file, in the order in which they are tried.</summary>
internal static class PublishedLists
{
    private static readonly string[] Machines = ["x86_64", "aarch64", "ppc64le", "s390x"];

    /// <summary>The places, at most a dozen; none for a URL without a file name.</summary>
    public static IReadOnlyList<PublishedList> Beside(RemoteUrl file)
    {
        // As it is written in the URL: the same escapes lead to the same folder.
        var path = file.Uri.AbsolutePath;
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name.Length == 0) return [];
        var folder = file.Uri.GetLeftPart(UriPartial.Authority) + path[..^name.Length];
        return
        [
            OfFile(".sha512"), OfFile(".sha256"), OfFile(".sha256sum"),
            InFolder("SHA512SUMS"), InFolder("SHA256SUMS"), InFolder("sha256sum.txt"), InFolder("CHECKSUM"),
            InFolder($"CHECKSUM.SHA256-{WithoutLastWord(name)}"), OfFile(".DIGESTS"), InFolder("DIGESTS"), InFolder("sha256sums.txt"),
            InFolder(OfFedora(name) ?? $"CHECKSUM.SHA256-{name}"),
        ];

        PublishedList OfFile(string ending) => new(Parse(folder + name + ending), IsOfFile: true);

        PublishedList InFolder(string list) => new(Parse(folder + list), IsOfFile: false);

        RemoteUrl Parse(string address) => RemoteUrl.Parse(address).WithCredentials(file.Credentials);
    }

    // FreeBSD-14.1-RELEASE-amd64-disc1.iso is in CHECKSUM.SHA256-FreeBSD-14.1-RELEASE-amd64.
    private static string WithoutLastWord(string name) =>
        name.LastIndexOf('-') is > 0 and var end ? name[..end] : name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;

    // Fedora-Server-dvd-x86_64-41-1.4.iso and Fedora-Server-Guest-Generic-42-1.1.x86_64.qcow2 are in Fedora-Server-41-1.4-x86_64-CHECKSUM and the like.
    private static string? OfFedora(string name)
    {
        if (name.Split('-') is not ["Fedora", var edition, .., var release, var tail] words) return null;
        var parts = tail.Split('.');
        var compose = string.Join('.', parts.TakeWhile(part => part.Length > 0 && part.All(char.IsAsciiDigit)));
        return words.Concat(parts).FirstOrDefault(Machines.Contains) is { } machine ? $"Fedora-{edition}-{release}-{compose}-{machine}-CHECKSUM" : null;
    }
}
