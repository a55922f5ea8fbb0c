namespace Kimchi.Isod.Signatures.Packets;

/// <summary>Detached signatures, binary or armoured, one or several.</summary>
/// <param name="Signatures">Those that could be taken apart.</param>
/// <param name="Fault">Why what follows them could not; null where nothing does.</param>
internal sealed record SignatureFile(IReadOnlyList<SignaturePacket> Signatures, string? Fault)
{
    /// <summary>Reads a file. Never throws: a part that is damaged does not spoil those before it.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="most">How many signatures are looked at.</param>
    public static SignatureFile Read(ReadOnlyMemory<byte> bytes, int most)
    {
        List<SignaturePacket> signatures = [];
        try
        {
            if (bytes.Length == 0) throw new MalformedException("it is empty");
            if (ClearSignedMessage.IsIn(bytes.Span)) throw new MalformedException("it is a signed message; give it as 'checksum_url' if it is a list of checksums");
            var packets = Armor.IsArmored(bytes.Span) ? Armor.Decode(bytes.Span, "SIGNATURE") : bytes;
            foreach (var packet in Packet.ReadAll(packets, most))
            {
                if (packet.Tag is PacketTag.Signature) signatures.Add(SignaturePacket.Read(packet.Body));
                // Data in the file are never what is judged, so that nobody takes them for it.
                else if (packet.Tag is not (PacketTag.Marker or PacketTag.Padding)) throw new MalformedException("it has something else than signatures in it; make it with 'gpg --detach-sign'");
            }

            return new SignatureFile(signatures, null);
        }
        catch (MalformedException e)
        {
            return new SignatureFile(signatures, e.Message);
        }
    }
}
