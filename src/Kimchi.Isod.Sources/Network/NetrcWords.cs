using System.Text;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The words of a netrc file: separated by white space, or in double quotes as curl(1) has them. Lines that begin with # are
/// comments.</summary>
internal sealed class NetrcWords(string text)
{
    private int _position;
    private int _count;
    private string? _peeked;

    /// <summary>The next word, which stays the next; null at the end.</summary>
    public string? Peek() => _peeked ??= Read();

    /// <summary>The next word; null at the end.</summary>
    public string? Next()
    {
        var word = Peek();
        _peeked = null;
        return word;
    }

    /// <summary>The next word, which must be there.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public string Take(string what) => Next() ?? throw new FormatException($"it ends where {what} should follow (after word {_count})");

    /// <summary>Passes over the rest of a macro: to the next empty line.</summary>
    public void SkipMacro()
    {
        var end = text.IndexOf("\n\n", _position, StringComparison.Ordinal);
        _position = end < 0 ? text.Length : end;
    }

    /// <summary>What is thrown for a word that means nothing. It is not shown: it may be a password.</summary>
    public FormatException Unexpected(string expected) => new($"word {_count} is none of {expected}");

    private string? Read()
    {
        SkipSpace();
        if (_position == text.Length) return null;
        _count++;
        return text[_position] == '"' ? ReadQuoted() : ReadPlain();
    }

    private void SkipSpace()
    {
        for (; _position < text.Length; _position++)
        {
            if (text[_position] == '#' && (_position == 0 || text[_position - 1] == '\n')) SkipLine();
            if (_position < text.Length && !char.IsWhiteSpace(text[_position])) return;
        }
    }

    private void SkipLine()
    {
        while (_position < text.Length && text[_position] != '\n') _position++;
    }

    private string ReadPlain()
    {
        var start = _position;
        while (_position < text.Length && !char.IsWhiteSpace(text[_position])) _position++;
        return text[start.._position];
    }

    private string ReadQuoted()
    {
        var word = new StringBuilder();
        for (_position++; _position < text.Length; _position++)
        {
            if (text[_position] == '"')
            {
                _position++;
                return word.ToString();
            }

            if (text[_position] == '\\' && _position + 1 < text.Length) _position++;
            word.Append(text[_position]);
        }

        throw new FormatException($"word {_count} has no closing quotation mark");
    }
}
