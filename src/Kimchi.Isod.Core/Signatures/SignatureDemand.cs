namespace Kimchi.Isod.Core.Signatures;

/// <summary>Who must have signed.</summary>
/// <param name="Keyring">The name of a file in the folder of keyrings.</param>
/// <param name="Fingerprint">The fingerprint of the one primary key that counts, in upper-case hexadecimal digits; null for any key of the
/// keyring.</param>
public sealed record SignatureDemand(string Keyring, string? Fingerprint);
