using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kimchi.Isod.Systemd;

/// <summary>One entry of the journal in its native form: fields of a name and a value each.</summary>
internal sealed class JournalEntry
{
    // A datagram holds more; nobody reads more of one message.
    private const int MostCharacters = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Adds a field whose name is the daemon's own: the parameter of a message, such as <c>Pool</c>, becomes <c>ISOD_POOL</c>.</summary>
    public void AddOwn(string parameter, string value)
    {
        var name = new StringBuilder("ISOD");
        for (var i = 0; i < parameter.Length; i++)
        {
            if (i == 0 || (char.IsUpper(parameter[i]) && !char.IsUpper(parameter[i - 1]))) name.Append('_');
            name.Append(char.ToUpperInvariant(parameter[i]));
        }

        Add(name.ToString(), value);
    }

    /// <summary>Adds a field.</summary>
    /// <param name="name">Capitals, digits and underscores.</param>
    /// <param name="value">Any text; a long one is cut.</param>
    public void Add(string name, string value)
    {
        if (value.Length > MostCharacters) value = value[..MostCharacters] + "…";
        var hasLines = value.Contains('\n', StringComparison.Ordinal);
        Write(name);
        Write(hasLines ? "\n" : "=");
        if (hasLines)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), (ulong)Encoding.UTF8.GetByteCount(value));
            _bytes.Advance(sizeof(ulong));
        }

        Write(value);
        Write("\n");
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _bytes);
}
