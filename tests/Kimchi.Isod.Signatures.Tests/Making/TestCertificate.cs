using System.Text;
using Kimchi.Isod.Signatures.Keys;
using Kimchi.Isod.Signatures.Packets;
using Kimchi.Isod.Signatures.Policy;

namespace Kimchi.Isod.Signatures.Tests.Making;

/// <summary>A key with what is said of it, put together packet by packet.</summary>
internal sealed class TestCertificate
{
    public const int Certify = 1;
    public const int Sign = 2;
    public const int Encrypt = 12;

    private readonly List<byte[]> _packets = [];

    public TestCertificate(TestKey key)
    {
        Key = key;
        _packets.Add(Pgp.Packet(PacketTag.PublicKey, key.Body));
    }

    public TestKey Key { get; }

    public string Owner { get; } = "Release Team <release@example.org>";

    public byte[] Bytes => [.. _packets.SelectMany(p => p)];

    /// <summary>As most keys are: a user id, which says that the primary key certifies and signs.</summary>
    public static TestCertificate Usual(TestKey key) => new TestCertificate(key).WithUserId();

    public TestCertificate WithUserId(int? flags = Certify | Sign, Func<Signing, Signing>? change = null, string? owner = null)
    {
        var bytes = Encoding.UTF8.GetBytes(owner ?? Owner);
        _packets.Add(Pgp.Packet(PacketTag.UserId, bytes));
        return WithSignature(change, StatementOf(bytes), Certification(flags));
    }

    /// <summary>Once more, of the user id that was added.</summary>
    public TestCertificate WithCertification(Func<Signing, Signing>? change = null) =>
        WithSignature(change, StatementOf(Encoding.UTF8.GetBytes(Owner)), Certification(Certify | Sign));

    public TestCertificate WithUserIdRevocation(Func<Signing, Signing>? change = null) => WithSignature(
        change, StatementOf(Encoding.UTF8.GetBytes(Owner)), new Signing(Key) { Type = SignatureType.CertificationRevocation, Created = Times.Later });

    public TestCertificate WithDirectSignature(Func<Signing, Signing>? change = null) => WithSignature(
        change, SignedStatements.Of(Key.Packet), new Signing(Key) { Type = SignatureType.DirectKey, Created = Times.KeyMade });

    public TestCertificate WithRevocation(Func<Signing, Signing>? change = null) => WithSignature(
        change, SignedStatements.Of(Key.Packet), new Signing(Key) { Type = SignatureType.KeyRevocation, Created = Times.Later });

    public TestCertificate WithSubkey(TestKey subkey, int? flags = Sign, Func<Signing, Signing>? change = null, Func<Signing, Signing>? changeBack = null, bool hasBack = true)
    {
        _packets.Add(Pgp.Packet(PacketTag.PublicSubkey, subkey.Body));
        var statement = SignedStatements.Of(Key.Packet, subkey.Packet);
        var back = new Signing(subkey) { Type = SignatureType.PrimaryKeyBinding, Created = Times.KeyMade };
        var embedded = Pgp.Sub(SubpacketType.EmbeddedSignature, (changeBack?.Invoke(back) ?? back).Sign(statement));
        return WithSignature(change, statement, new Signing(Key)
        {
            Type = SignatureType.SubkeyBinding,
            Created = Times.KeyMade,
            Hashed = flags is { } known ? [Pgp.Flags(known)] : [],
            Unhashed = hasBack ? [embedded] : [],
        });
    }

    public TestCertificate WithSubkeyRevocation(TestKey subkey, Func<Signing, Signing>? change = null) => WithSignature(
        change, SignedStatements.Of(Key.Packet, subkey.Packet), new Signing(Key) { Type = SignatureType.SubkeyRevocation, Created = Times.Later });

    public TestCertificate With(byte[] packets)
    {
        _packets.Add(packets);
        return this;
    }

    private Signing Certification(int? flags) => new(Key)
    {
        Type = SignatureType.PositiveCertification,
        Created = Times.KeyMade,
        Hashed = flags is { } known ? [Pgp.Flags(known)] : [],
    };

    private TestCertificate WithSignature(Func<Signing, Signing>? change, byte[] statement, Signing usual) =>
        With((change?.Invoke(usual) ?? usual).ToPacket(statement));

    private byte[] StatementOf(byte[] userId) => SignedStatements.Of(Key.Packet, new UserId(userId, IsImage: false));
}
