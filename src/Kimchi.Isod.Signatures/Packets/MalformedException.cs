namespace Kimchi.Isod.Signatures.Packets;

/// <summary>Bytes are not what OpenPGP says they are.</summary>
public sealed class MalformedException(string message) : Exception(message);
