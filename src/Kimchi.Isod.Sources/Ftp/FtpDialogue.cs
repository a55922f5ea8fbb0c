using System.Globalization;
using System.Text;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>What was said on the control connection, as far as it matters: RFC 959, and RFC 3659 for SIZE, MDTM and REST.</summary>
internal sealed class FtpDialogue
{
    // As much as the headers of an HTTP reply: a server that talks on and on gets no more of our memory and time.
    private const int MostReplyBytes = 64 * 1024;

    private readonly StringBuilder _text = new();
    private string _command = "";
    private int _multiline;
    private int _replyBytes;

    /// <summary>The file's size in bytes, if the server told.</summary>
    public long? Size { get; private set; }

    /// <summary>How many bytes the server said that it sends, if it did: <c>150 Opening BINARY mode data connection (1234 bytes).</c></summary>
    public long? SendingSize { get; private set; }

    /// <summary>When the file was last changed, if the server told.</summary>
    public DateTimeOffset? Modified { get; private set; }

    /// <summary>Whether the server took REST.</summary>
    public bool TakesRest { get; private set; }

    /// <summary>The server has begun to send the file.</summary>
    public bool IsSending { get; private set; }

    /// <summary>Why the server does not tell the size, if it refused to.</summary>
    public FtpReply? SizeRefusal { get; private set; }

    /// <summary>The last whole reply; null before the greeting.</summary>
    public FtpReply? LastReply { get; private set; }

    /// <summary>A command goes out. Only its name is kept, since what follows may be the password.</summary>
    public void Sent(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAny(" \r\n"u8);
        _command = Encoding.ASCII.GetString(end < 0 ? line : line[..end]).ToUpperInvariant();
    }

    /// <summary>A line of a reply came.</summary>
    /// <exception cref="DownloadException">The server talks too much.</exception>
    public void Received(ReadOnlySpan<byte> line)
    {
        _replyBytes += line.Length;
        if (_replyBytes > MostReplyBytes)
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "the server's replies are too long");
        var text = Encoding.UTF8.GetString(line).TrimEnd('\r', '\n');
        var code = ReadCode(text);
        // Not of a reply: a proxy's answer to CONNECT comes this way, too.
        if (code is null && _multiline == 0) return;
        if (code is { } first && _multiline == 0 && text.Length > 3 && text[3] == '-') _multiline = first;
        var words = code is null ? text : text[Math.Min(4, text.Length)..];
        Append(words);
        if (code is null || (text.Length > 3 && text[3] == '-') || (_multiline != 0 && code != _multiline)) return;
        Complete(new FtpReply(_command, code.Value, _text.ToString()), words);
    }

    private static int? ReadCode(string text) =>
        text.Length >= 3 && text.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0 && (text.Length == 3 || text[3] is ' ' or '-')
            ? int.Parse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    // Foreign text: it may hold what a terminal would obey.
    private void Append(string text)
    {
        if (_text.Length > 0 && text.Length > 0) _text.Append(' ');
        foreach (var c in text)
        {
            if (!char.IsControl(c)) _text.Append(c);
        }
    }

    private void Complete(FtpReply reply, string lastWords)
    {
        _text.Clear();
        _multiline = 0;
        LastReply = reply;
        switch (reply)
        {
            case { Command: "SIZE", Code: 213 }:
                Size = ReadSize(lastWords);
                break;
            case { Command: "SIZE", IsPermanentRefusal: true }:
                SizeRefusal = reply;
                break;
            case { Command: "MDTM", Code: 213 }:
                Modified = ReadTime(lastWords);
                break;
            case { Command: "REST", Code: 350 }:
                TakesRest = true;
                break;
            case { Command: "RETR", Code: 150 or 125 }:
                IsSending = true;
                SendingSize = ReadSendingSize(reply.Text);
                break;
        }
    }

    // The last word, which is a number and nothing else: some servers put words before it; "-1" and "300,000" are no sizes.
    private static long? ReadSize(string text) =>
        long.TryParse(text.TrimEnd().Split([' ', '\t'])[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    // As libcurl: a number in parentheses and the word for its unit. The file's name, which comes before, may look like it.
    private static long? ReadSendingSize(string text)
    {
        var end = text.LastIndexOf(" bytes", StringComparison.OrdinalIgnoreCase);
        if (end < 0) return null;
        var start = text.AsSpan(0, end).LastIndexOfAnyExceptInRange('0', '9') + 1;
        return start > 0 && text[start - 1] == '(' && long.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : null;
    }

    // RFC 3659, section 2.3: UTC, to the second; a fraction may follow.
    private static DateTimeOffset? ReadTime(string text) => DateTimeOffset.TryParseExact(
        text.Split('.')[0].Trim(), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time
        : null;
}
