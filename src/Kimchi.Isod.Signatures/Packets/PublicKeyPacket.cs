using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>A public key or subkey, of version 4 or 6 (RFC 9580, section 5.5.2).</summary>
internal sealed class PublicKeyPacket
{
    private PublicKeyPacket(ReadOnlyMemory<byte> body)
    {
        Body = body;
        var reader = new ByteReader(body);
        Version = reader.Byte();
        if (Version is not (4 or 6)) throw new MalformedException($"a key is of version {Version}");
        Created = DateTimeOffset.FromUnixTimeSeconds(reader.FourBytes());
        Algorithm = (KeyAlgorithm)reader.Byte();
        Material = Version == 6 ? reader.Take(reader.FourBytes()) : reader.Rest();
        if (reader.Left > 0) throw new MalformedException("a key has something behind it");
        Fingerprint = ComputeFingerprint();
    }

    /// <summary>All of it.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Its version.</summary>
    public int Version { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Its kind.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>The mathematical part.</summary>
    public ReadOnlyMemory<byte> Material { get; }

    /// <summary>What identifies it: 20 bytes of version 4, 32 of version 6.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>The fingerprint in upper-case hexadecimal digits.</summary>
    public string FingerprintText => Convert.ToHexString(Fingerprint);

    /// <summary>Reads one.</summary>
    /// <exception cref="MalformedException">It is none, or of another version.</exception>
    public static PublicKeyPacket Read(ReadOnlyMemory<byte> body) => new(body);

    /// <summary>Whether that is its fingerprint or its number.</summary>
    public bool IsCalled(byte[] issuer) => issuer.AsSpan().SequenceEqual(
        issuer.Length == 8 ? Version == 6 ? Fingerprint.AsSpan()[..8] : Fingerprint.AsSpan()[^8..] : Fingerprint);

    /// <summary>The form in which it is hashed: for its fingerprint, and for signatures of it (RFC 9580, section 5.2.4).</summary>
    public byte[] ToHashed()
    {
        var length = Version == 6 ? 4 : 2;
        var hashed = new byte[1 + length + Body.Length];
        hashed[0] = (byte)(Version == 6 ? 0x9b : 0x99);
        if (Version == 6) BinaryPrimitives.WriteUInt32BigEndian(hashed.AsSpan(1), (uint)Body.Length);
        else BinaryPrimitives.WriteUInt16BigEndian(hashed.AsSpan(1), (ushort)Body.Length);
        Body.Span.CopyTo(hashed.AsSpan(1 + length));
        return hashed;
    }

    [SuppressMessage("Security", "CA5350", Justification = "What identifies a key of version 4 is its SHA-1.")]
    private byte[] ComputeFingerprint()
    {
        if (Version == 4 && Body.Length > ushort.MaxValue) throw new MalformedException("a key is too long");
        return Version == 6 ? SHA256.HashData(ToHashed()) : SHA1.HashData(ToHashed());
    }
}
