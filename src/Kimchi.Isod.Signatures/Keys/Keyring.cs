using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Keys;

/// <summary>The keys of a file, binary or armoured, one or many.</summary>
internal sealed class Keyring
{
    // Debian's developers' have 60,000.
    private const int MostPackets = 500_000;

    private readonly Dictionary<string, Certificate> _certificates = new(StringComparer.Ordinal);
    private readonly List<SignaturePacket> _revocations = [];

    // What signatures that come next belong to; null behind what is not understood.
    private Certificate? _certificate;
    private List<SignaturePacket>? _signatures;

    private Keyring()
    {
    }

    /// <summary>The primary keys. One that is in the file twice is here once, with all that is said of it.</summary>
    public IEnumerable<Certificate> Certificates => _certificates.Values;

    /// <summary>Revocations wherever they stand: those that are published by themselves are found behind the wrong key.</summary>
    public IReadOnlyList<SignaturePacket> Revocations => _revocations;

    /// <summary>Reads a keyring.</summary>
    /// <exception cref="MalformedException">It is none, or is damaged: what is missing may be a revocation.</exception>
    public static Keyring Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0) throw new MalformedException("it is empty");
        // Keybox: the magic is behind the first block's length, type, version and flags.
        if (bytes.Length > 12 && bytes.Span[8..12].SequenceEqual("KBXf"u8)) throw new MalformedException("it is a keybox of GnuPG; export the keys with 'gpg --export'");
        var keyring = new Keyring();
        var packets = Armor.IsArmored(bytes.Span) ? Armor.Decode(bytes.Span, "PUBLIC KEY BLOCK") : bytes;
        foreach (var packet in Packet.ReadAll(packets, MostPackets)) keyring.Add(packet);
        return keyring._certificates.Count > 0 ? keyring : throw new MalformedException("it has no key of version 4 or 6");
    }

    /// <summary>The keys that a signature may be of, with their certificates.</summary>
    public IEnumerable<(Certificate Certificate, Subkey? Subkey)> Find(SignaturePacket signature)
    {
        foreach (var certificate in Certificates)
        {
            if (signature.IsBy(certificate.Primary)) yield return (certificate, null);
            foreach (var subkey in certificate.Subkeys.Where(s => signature.IsBy(s.Key))) yield return (certificate, subkey);
        }
    }

    private void Add(Packet packet)
    {
        switch (packet.Tag)
        {
            case PacketTag.PublicKey:
                AddCertificate(packet.Body);
                break;
            case PacketTag.PublicSubkey:
                AddSubkey(packet.Body);
                break;
            case PacketTag.UserId or PacketTag.UserAttribute:
                AddUserId(new UserId(packet.Body, packet.Tag is PacketTag.UserAttribute));
                break;
            case PacketTag.Signature:
                AddSignature(SignaturePacket.Read(packet.Body));
                break;
            case PacketTag.SecretKey or PacketTag.SecretSubkey:
                throw new MalformedException("it has a secret key, which does not belong there");
            case PacketTag.Marker or PacketTag.Trust or PacketTag.Padding:
                break;
            default:
                _signatures = null;
                break;
        }
    }

    private void AddCertificate(ReadOnlyMemory<byte> body)
    {
        (_certificate, _signatures) = (null, null);
        if (TryRead(body) is not { } key) return;
        if (!_certificates.TryGetValue(key.FingerprintText, out _certificate))
            _certificates.Add(key.FingerprintText, _certificate = new Certificate(key));
        _signatures = _certificate.Signatures;
    }

    private void AddSubkey(ReadOnlyMemory<byte> body)
    {
        _signatures = null;
        if (_certificate is not { } certificate || TryRead(body) is not { } key) return;
        var subkey = certificate.Subkeys.Find(s => s.Key.FingerprintText == key.FingerprintText);
        if (subkey is null) certificate.Subkeys.Add(subkey = new Subkey(key));
        _signatures = subkey.Signatures;
    }

    private void AddUserId(UserId added)
    {
        _signatures = null;
        if (_certificate is not { } certificate) return;
        var userId = certificate.UserIds.Find(u => u.IsImage == added.IsImage && u.Bytes.Span.SequenceEqual(added.Bytes.Span));
        if (userId is null) certificate.UserIds.Add(userId = added);
        _signatures = userId.Signatures;
    }

    private void AddSignature(SignaturePacket signature)
    {
        if (signature.Type is SignatureType.KeyRevocation or SignatureType.SubkeyRevocation) _revocations.Add(signature);
        _signatures?.Add(signature);
    }

    // One of an older version proves nothing, and spoils no other.
    private static PublicKeyPacket? TryRead(ReadOnlyMemory<byte> body)
    {
        try
        {
            return PublicKeyPacket.Read(body);
        }
        catch (MalformedException)
        {
            return null;
        }
    }
}
