using System.Text;
using CsCheck;

namespace Kimchi.Isod.Fixtures.Fuzz;

/// <summary>Texts as no honest sender would send them.</summary>
public static class Texts
{
    private const string Troublemakers =
        "\0\t\n\r\u001b\u007f\u0085 \u00a0\u200b\u200e\u202e\u2028\u3000\ufeff\ufffd\ufffe\uffff\ud800\udc00\"'\\/%.:;=,-*?#@[]()<>{}09aZé日";

    private enum Change
    {
        LeaveOut,
        PutIn,
        Replace,
        SayTwice,
        CutOff,
    }

    /// <summary>Any character, lone surrogates too; every second one of a kind that parsers stumble over.</summary>
    public static Gen<char> Odd { get; } = Gen.OneOf(Gen.Char, Gen.Int[0, Troublemakers.Length - 1].Select(i => Troublemakers[i]));

    /// <summary>Up to 40 such characters.</summary>
    public static Gen<string> Any { get; } = Odd.Array[0, 40].Select(letters => new string(letters));

    /// <summary>Pieces of a grammar in any order, an odd character between them now and then.</summary>
    public static Gen<string> Of(params string[] pieces) =>
        Gen.Frequency((8, Gen.OneOf(pieces)), (1, Odd.Select(letter => letter.ToString()))).Array[0, 16].Select(string.Concat);

    /// <summary>Up to 70,000 characters: one of the pieces again and again, between others.</summary>
    public static Gen<string> Long(params string[] pieces) => Gen.Select(
        Gen.OneOf(pieces), Gen.OneOf(pieces), Gen.Int[1000, 70_000], Of(pieces),
        (start, again, length, end) => start + string.Concat(Enumerable.Repeat(again, 1 + (length / again.Length))) + end);

    /// <summary>Valid texts with up to three changes: characters left out, put in, replaced or said twice, and ends cut off.</summary>
    public static Gen<string> Near(Gen<string> valid) => Gen.Select(
        valid,
        Gen.Select(Gen.OneOf(Enum.GetValues<Change>()), Gen.Int[0, 1000], Gen.Int[1, 6], Odd).Array[0, 3],
        (text, changes) => changes.Aggregate(text, (t, c) => Apply(t, c.Item1, t.Length * c.Item2 / 1000, c.Item3, c.Item4)));

    /// <summary>A text with everything in it that a terminal would not show, or obey, as an escape.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text)
        {
            if (c is >= ' ' and < '\u007f') shown.Append(c);
            else shown.Append($"\\u{(int)c:x4}");
        }

        return shown.ToString();
    }

    private static string Apply(string text, Change change, int at, int length, char letter)
    {
        var end = Math.Min(text.Length, at + length);
        return change switch
        {
            Change.LeaveOut => text[..at] + text[end..],
            Change.PutIn => text[..at] + letter + text[at..],
            Change.Replace => text[..at] + letter + text[end..],
            Change.SayTwice => text[..end] + text[at..],
            _ => text[..at],
        };
    }
}
