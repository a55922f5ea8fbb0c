using System.Globalization;
using System.Net;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

/// <summary>What a 206 says of the file's end: RFC 9110, sections 14.4 and 15.3.7.</summary>
public sealed class PartialReplyFuzzTests
{
    private static readonly RemoteUrl Url = RemoteUrl.Parse("https://host/a.iso");

    // A first byte, how many there are, and how many follow in the file: null where it is not told.
    private static readonly Gen<(long From, long Length, long? Behind)> Parts = Gen.Select(
        Sizes(0), Sizes(1), Gen.OneOf(Gen.Const((long?)null), Gen.Const((long?)0), Sizes(0).Select(n => (long?)n)));

    [Test]
    public void Part_ends_the_file_only_where_it_reaches_the_total_that_is_told() => Parts.Holds(
        part =>
        {
            var (from, length, behind) = part;
            using var reply = Reply(part, length);
            return reply.Evidence == (behind == 0 ? EndEvidence.Told : EndEvidence.Part)
                && reply.End == from + length && reply.Version.SourceSize == from + length + behind
                && Refusal(reply, from) is null;
        },
        count: 20_000);

    [Test]
    public void Part_says_nothing_of_the_files_size_by_the_length_of_its_body() => Parts.Where(part => part.Behind is null).Holds(
        part =>
        {
            using var reply = Reply(part, part.Length);
            return reply.Describe(Url).SourceSize is null;
        });

    [Test]
    public void Part_of_another_length_or_from_another_byte_is_refused_and_asked_for_again() => Gen.Select(Parts, Gen.Long[-3, 3], Gen.Long[-3, 3])
        .Where(c => c.Item1.Length + c.Item2 >= 0 && c.Item1.From + c.Item3 >= 0)
        .Holds(
            c =>
            {
                var (part, more, shift) = c;
                using var reply = Reply(part, part.Length + more);
                var refusal = Refusal(reply, part.From + shift);
                return more == 0 && shift == 0 ? refusal is null : refusal is { IsTransient: true };
            },
            count: 20_000);

    private static Gen<long> Sizes(long least) => Gen.OneOf(Gen.Long[least, 3], Gen.Long[least, 1 << 20], Gen.Long[least, 1L << 60]);

    private static HttpReply Reply((long From, long Length, long? Behind) part, long bodyLength)
    {
        var (from, length, behind) = part;
        var total = behind is null ? "*" : $"{from + length + behind}";
        var response = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentLength = null;
        response.Content.Headers.TryAddWithoutValidation("Content-Length", bodyLength.ToString(CultureInfo.InvariantCulture));
        response.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{total}"));
        return new HttpReply(response, Url, TimeProvider.System);
    }

    private static DownloadException? Refusal(HttpReply reply, long offset)
    {
        try
        {
            reply.RequireFile(offset);
            return null;
        }
        catch (DownloadException e)
        {
            return e;
        }
    }
}
