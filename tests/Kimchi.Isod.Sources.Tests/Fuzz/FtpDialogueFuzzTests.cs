using System.Globalization;
using System.Text;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Ftp;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

public sealed class FtpDialogueFuzzTests
{
    private static readonly Gen<string> Lines = Gen.OneOf(
        Texts.Any,
        Texts.Near(Gen.OneOf("213 12345", "213 20260102030405", "213 20260102030405.123", "350 Restarting", "150 Opening", "550 No", "211-Features", "211 End", "220")),
        Texts.Of("213", "211", "150", " ", "-", "20260102030405", "99991231235959", "00000000000000", "9223372036854775807", "9223372036854775808", ".", "\r", "٣"));

    private static readonly Gen<(string Command, string Line)> Exchanges = Gen.Select(Gen.OneOf("SIZE", "MDTM", "REST", "RETR", "USER", "PASS", "", "size a"), Lines);

    // Words, perhaps many, of which none ends in a digit.
    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.Const(""), Texts.Of("size", "is", " ", ":", "\t", "é"), Gen.Int[1, 800].Select(length => new string('x', length))).Select(text => text.TrimEnd("0123456789".ToCharArray()));

    [Test]
    public void Any_replies_leave_something_sensible() => Exchanges.Array[0, 12].Holds(
        exchanges =>
        {
            var dialogue = new FtpDialogue();
            foreach (var (command, line) in exchanges) Exchange(dialogue, command, line);
            return !(dialogue.Size < 0) && dialogue.LastReply is not { Code: < 0 or > 999 }
                && dialogue.LastReply?.ToString().Any(char.IsControl) != true;
        },
        count: 20_000);

    [Test]
    public void Any_bytes_are_read_and_never_more_than_64_KiB_of_them() => Gen.Byte.Array[0, 9000].Array[0, 12].Holds(
        lines =>
        {
            var (dialogue, total) = (new FtpDialogue(), 0);
            try
            {
                foreach (var line in lines)
                {
                    dialogue.Sent(line);
                    dialogue.Received(line);
                    total += line.Length;
                }
            }
            catch (DownloadException e)
            {
                return e.Kind is DownloadErrorKind.RemoteUnreadable && lines.Sum(l => l.Length) > 64 * 1024;
            }

            return total <= 64 * 1024;
        },
        count: 1000);

    // A wrong size is worse than none: the download would end too early, or never.
    [Test]
    public void Size_is_the_number_at_the_end_whatever_words_come_before() => Gen.Select(
            Gen.Long[0, long.MaxValue], Words, Gen.OneOf("", " ", "\t", ": "), Words, Gen.Bool)
        .Holds(
            c =>
            {
                var (size, words, blank, before, isMultiline) = c;
                if (words.Length > 0 && blank.Length == 0) blank = " ";
                var dialogue = new FtpDialogue();
                if (isMultiline) Exchange(dialogue, "SIZE", $"213-{OneLine(before)}");
                Exchange(dialogue, "SIZE", string.Create(CultureInfo.InvariantCulture, $"213 {OneLine(words)}{blank}{size}"));
                return dialogue.Size == size;
            },
            count: 20_000);

    [Test]
    public void Number_beyond_a_size_is_none() => Gen.ULong[1UL + long.MaxValue, ulong.MaxValue].Holds(
        number =>
        {
            var dialogue = new FtpDialogue();
            Exchange(dialogue, "SIZE", string.Create(CultureInfo.InvariantCulture, $"213 {number}"));
            return dialogue.Size is null;
        });

    [Test]
    public void Time_comes_back_to_the_second() => Gen.Select(Gen.Long[0, 253_402_300_799], Gen.OneOf("", ".0", ".999", ".x", " ")).Holds(
        c =>
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(c.Item1);
            var dialogue = new FtpDialogue();
            Exchange(dialogue, "MDTM", "213 " + time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + c.Item2);
            return dialogue.Modified == time;
        });

    // What follows a command's name may be the password.
    [Test]
    public void Nothing_of_a_command_but_its_name_is_kept() => Gen.Select(Gen.OneOf("USER", "PASS", "ACCT"), Lines).Holds(
        c =>
        {
            var dialogue = new FtpDialogue();
            dialogue.Sent(Encoding.UTF8.GetBytes($"{c.Item1} Pa55w0rd{c.Item2}\r\n"));
            dialogue.Received("530 No\r\n"u8);
            return dialogue.LastReply == new FtpReply(c.Item1, 530, "No");
        });

    private static void Exchange(FtpDialogue dialogue, string command, string line)
    {
        dialogue.Sent(Encoding.UTF8.GetBytes($"{command} a\r\n"));
        dialogue.Received(Encoding.UTF8.GetBytes(line + "\r\n"));
    }

    private static string OneLine(string text) => text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
