using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Keys;

/// <summary>A primary key with what is said of it: as it stands in the keyring, nothing of it proven.</summary>
/// <param name="Primary">The primary key.</param>
internal sealed record Certificate(PublicKeyPacket Primary)
{
    /// <summary>Signatures of the primary key itself.</summary>
    public List<SignaturePacket> Signatures { get; } = [];

    /// <summary>Whose it is, with the signatures that say so.</summary>
    public List<UserId> UserIds { get; } = [];

    /// <summary>Its subkeys, with the signatures that say so.</summary>
    public List<Subkey> Subkeys { get; } = [];
}

/// <summary>A user id.</summary>
/// <param name="Bytes">Its text.</param>
/// <param name="IsImage">Whether it is a picture and no text.</param>
internal sealed record UserId(ReadOnlyMemory<byte> Bytes, bool IsImage)
{
    /// <summary>The signatures behind it.</summary>
    public List<SignaturePacket> Signatures { get; } = [];
}

/// <summary>A subkey.</summary>
/// <param name="Key">The key.</param>
internal sealed record Subkey(PublicKeyPacket Key)
{
    /// <summary>The signatures behind it.</summary>
    public List<SignaturePacket> Signatures { get; } = [];
}
