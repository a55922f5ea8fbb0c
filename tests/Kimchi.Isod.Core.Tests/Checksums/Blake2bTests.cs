using System.Diagnostics;
using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Checksums;

/// <summary>BLAKE2b, which .NET does not have: against vectors of others, and against coreutils.</summary>
public sealed class Blake2bTests
{
    // RFC 7693, appendix A, is the digest of "abc". The others are of BLAKE2's own list (blake2-kat.json), with no key.
    [TestCase("", "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce")]
    [TestCase("616263", "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")]
    [TestCase("00", "2fa3f686df876995167e7c2e5d74c4c7b6e48f8068fe0e44208344d480f7904c36963e44115fe3eb2a3ac8694c28bcb4f5a0f3276f2e79487d8219057a506e4b")]
    [TestCase("0001", "1c08798dc641aba9dee435e22519a4729a09b2bfe0ff00ef2dcd8ed6f8a07d15eaf4aee52bbf18ab5608a6190f70b90486c8a7d4873710b1115d3debbb4327b5")]
    public void Digest_is_the_published_one(string message, string digest) =>
        Assert.That(Convert.ToHexStringLower(Hash(Convert.FromHexString(message))), Is.EqualTo(digest));

    // Appendix E: a digest over digests of many lengths, there of every variant; here the sizes around the blocks, against coreutils.
    [TestCase(1)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(129)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(1_000_000)]
    public async Task Digest_is_that_of_b2sum(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        using var b2sum = Process.Start(new ProcessStartInfo("b2sum") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await b2sum.StandardInput.BaseStream.WriteAsync(content);
        b2sum.StandardInput.Close();
        var words = await b2sum.StandardOutput.ReadToEndAsync();
        await b2sum.WaitForExitAsync();

        Assert.That(Convert.ToHexStringLower(Hash(content)), Is.EqualTo(words.Split(' ')[0]));
    }

    [Test]
    public void Digest_does_not_depend_on_how_the_bytes_come_nor_on_looking_at_it() => Gen.Select(
            Gen.Byte.Array[0, 700], Gen.Int[1, 300].Array[0, 8])
        .Holds(c =>
        {
            var hash = new Blake2b();
            var rest = c.Item1.AsSpan();
            foreach (var size in c.Item2)
            {
                hash.Append(rest[..Math.Min(size, rest.Length)]);
                rest = rest[Math.Min(size, rest.Length)..];
                _ = hash.Current();
                hash = hash.Clone();
            }

            hash.Append(rest);
            return hash.Current().AsSpan().SequenceEqual(Hash(c.Item1));
        });

    [Test]
    public void Copy_goes_on_by_itself()
    {
        var hash = new Blake2b();
        hash.Append("ab"u8);
        var copy = hash.Clone();
        hash.Append("x"u8);
        copy.Append("c"u8);

        Assert.That(copy.Current(), Is.EqualTo(Hash("abc"u8)));
        Assert.That(hash.Current(), Is.EqualTo(Hash("abx"u8)));
    }

    internal static byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new Blake2b();
        hash.Append(bytes);
        return hash.Current();
    }
}
