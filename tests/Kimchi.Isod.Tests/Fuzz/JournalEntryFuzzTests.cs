using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Systemd;

namespace Kimchi.Isod.Tests.Fuzz;

/// <summary>Foreign text in the journal's native form: no value becomes a field of its own.</summary>
public sealed class JournalEntryFuzzTests
{
    private static readonly Gen<string> Values = Gen.OneOf(Texts.Any, Texts.Of("\n", "PRIORITY=0\n", "a", "=", "\0"), Texts.Long("\n", "é", "😀", "a"));

    [Test]
    public void Fields_come_back_as_they_were() => Gen.Select(Gen.OneOf("MESSAGE", "ISOD_URL"), Values).Array[1, 4].Holds(
        fields =>
        {
            var entry = new JournalEntry();
            foreach (var (name, value) in fields) entry.Add(name, value);
            var read = Read(entry.Bytes);
            return read.Count == fields.Length && read.Zip(fields).All(f => f.First.Name == f.Second.Item1 && IsStartOf(f.First.Value, f.Second.Item2));
        },
        count: 2000);

    // https://systemd.io/JOURNAL_NATIVE_PROTOCOL
    private static List<(string Name, string Value)> Read(ReadOnlySpan<byte> bytes)
    {
        List<(string, string)> fields = [];
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOfAny("=\n"u8);
            var name = Encoding.UTF8.GetString(bytes[..end]);
            var isBinary = bytes[end] == '\n';
            bytes = bytes[(end + 1)..];
            var length = isBinary ? (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes) : bytes.IndexOf((byte)'\n');
            if (isBinary) bytes = bytes[sizeof(ulong)..];
            fields.Add((name, Encoding.UTF8.GetString(bytes[..length])));
            if (bytes[length] != '\n') throw new FormatException("the value does not end where it says");
            bytes = bytes[(length + 1)..];
        }

        return fields;
    }

    private static bool IsStartOf(string read, string value)
    {
        var whole = string.Concat(value.EnumerateRunes());
        return read == whole || (read.EndsWith('…') && whole.StartsWith(read[..^2], StringComparison.Ordinal));
    }
}
