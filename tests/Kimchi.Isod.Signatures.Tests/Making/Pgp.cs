using System.Buffers.Binary;
using System.Text;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Tests.Making;

/// <summary>Writes packets of OpenPGP, right ones and wrong ones.</summary>
internal static class Pgp
{
    /// <summary>In the format before RFC 4880, as GnuPG writes it: gpgv finds no key in keyrings of the other.</summary>
    public static byte[] Packet(PacketTag tag, byte[] body) => [(byte)(0x81 | ((int)tag << 2)), .. TwoBytes(body.Length), .. body];

    public static byte[] NewPacket(PacketTag tag, byte[] body) => [(byte)(0xc0 | (int)tag), 0xff, .. FourBytes(body.Length), .. body];

    public static byte[] Sub(SubpacketType type, byte[] body, bool isCritical = false) =>
        [0xff, .. FourBytes(body.Length + 1), (byte)((int)type | (isCritical ? 0x80 : 0)), .. body];

    public static byte[] Created(DateTimeOffset time) => Sub(SubpacketType.Created, Seconds(time));

    public static byte[] Lifetime(TimeSpan time) => Sub(SubpacketType.Expires, FourBytes((int)time.TotalSeconds));

    public static byte[] KeyLifetime(TimeSpan time) => Sub(SubpacketType.KeyExpires, FourBytes((int)time.TotalSeconds));

    public static byte[] Flags(int flags) => Sub(SubpacketType.KeyFlags, [(byte)flags]);

    public static byte[] Notation(string name, bool isCritical) => Sub(
        SubpacketType.Notation, [0x80, 0, 0, 0, .. TwoBytes(name.Length), 0, 1, .. Encoding.ASCII.GetBytes(name), (byte)'x'], isCritical);

    public static byte[] Issuer(TestKey key) => Sub(SubpacketType.IssuerFingerprint, [(byte)key.Version, .. key.Packet.Fingerprint]);

    public static byte[] IssuerNumber(TestKey key) => Sub(SubpacketType.Issuer, key.Packet.Fingerprint[^8..]);

    public static byte[] Number(ReadOnlySpan<byte> bytes)
    {
        var trimmed = bytes.TrimStart((byte)0);
        var bits = trimmed.Length == 0 ? 0 : ((trimmed.Length - 1) * 8) + 8 - int.LeadingZeroCount(trimmed[0] << 24);
        return [.. TwoBytes(bits), .. trimmed];
    }

    public static byte[] Seconds(DateTimeOffset time) => FourBytes((int)(uint)time.ToUnixTimeSeconds());

    public static byte[] TwoBytes(int number) => [(byte)(number >> 8), (byte)number];

    public static byte[] FourBytes(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static string Armor(string kind, byte[] packets, string headers = "") =>
        $"-----BEGIN PGP {kind}-----\n{headers}\n{Convert.ToBase64String(packets, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n")}\n-----END PGP {kind}-----\n";
}
