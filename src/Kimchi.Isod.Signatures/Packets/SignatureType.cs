namespace Kimchi.Isod.Signatures.Packets;

/// <summary>What a signature says (RFC 9580, section 5.2.1).</summary>
internal enum SignatureType
{
    /// <summary>Of a file, byte by byte.</summary>
    Binary = 0x00,

    /// <summary>Of a text, whose lines end in CR LF.</summary>
    Text = 0x01,

    /// <summary>The least of the four certifications of a user id.</summary>
    GenericCertification = 0x10,

    /// <summary>The strongest of them.</summary>
    PositiveCertification = 0x13,

    /// <summary>A primary key has a subkey.</summary>
    SubkeyBinding = 0x18,

    /// <summary>A subkey has a primary key.</summary>
    PrimaryKeyBinding = 0x19,

    /// <summary>Of a key itself.</summary>
    DirectKey = 0x1f,

    /// <summary>A primary key is void.</summary>
    KeyRevocation = 0x20,

    /// <summary>A subkey is void.</summary>
    SubkeyRevocation = 0x28,

    /// <summary>A certification is void.</summary>
    CertificationRevocation = 0x30,

    /// <summary>It cannot be read.</summary>
    Unknown = 0x100,
}
