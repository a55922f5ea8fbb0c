using Kimchi.Isod.Signatures.Packets;
using Kimchi.Isod.Signatures.Policy;

namespace Kimchi.Isod.Signatures.Tests.Making;

/// <summary>How a signature is made: a good one, but for what a test changes.</summary>
internal sealed record Signing(TestKey Key)
{
    public SignatureType Type { get; init; } = SignatureType.Binary;

    public SignatureHash Hash { get; init; } = SignatureHash.Sha256;

    public DateTimeOffset? Created { get; init; } = Times.Signed;

    public int Version { get; init; } = Key.Version;

    /// <summary>Signed statements on top of the usual.</summary>
    public byte[][] Hashed { get; init; } = [];

    /// <summary>Statements that are not signed.</summary>
    public byte[][] Unhashed { get; init; } = [];

    public bool NamesIssuer { get; init; } = true;

    /// <summary>The body of the packet.</summary>
    public byte[] Sign(byte[] content)
    {
        byte[] hashed =
        [
            .. Created is { } created ? Pgp.Created(created) : [], .. NamesIssuer ? Pgp.Issuer(Key) : [], .. Hashed.SelectMany(s => s),
        ];
        // GnuPG 2.2 goes by the number alone.
        byte[] unhashed = [.. Unhashed.SelectMany(s => s), .. NamesIssuer && Version == 4 ? Pgp.IssuerNumber(Key) : []];
        byte[] head = [(byte)Version, (byte)Type, (byte)Key.Packet.Algorithm, (byte)Hash, .. Length(hashed), .. hashed];
        byte[] salt = Version == 6 ? [.. Enumerable.Range(1, Hash.SaltLength()).Select(i => (byte)i)] : [];
        // A first draft without the mathematical part tells what is hashed.
        var draft = SignaturePacket.Read(Body(head, unhashed, salt, [0, 0], []));
        var digest = new SignedBytes(content).Digest(SignedStatements.StartOf(draft)!, Type is SignatureType.Text, draft.Trailer.Span)!;
        return Body(head, unhashed, salt, digest[..2], Key.Sign(Hash, digest));
    }

    public byte[] ToPacket(byte[] content) => Pgp.Packet(PacketTag.Signature, Sign(content));

    private byte[] Body(byte[] head, byte[] unhashed, byte[] salt, byte[] first, byte[] material) =>
        [.. head, .. Length(unhashed), .. unhashed, .. first, .. Version == 6 ? [(byte)salt.Length, .. salt] : (byte[])[], .. material];

    private byte[] Length(byte[] area) => Version == 6 ? Pgp.FourBytes(area.Length) : Pgp.TwoBytes(area.Length);
}

/// <summary>The times of the tests, all of them past but the last.</summary>
internal static class Times
{
    public static readonly DateTimeOffset KeyMade = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Signed = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Later = new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Future = new(2098, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Year = TimeSpan.FromDays(365);
}
