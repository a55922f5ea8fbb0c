using System.Text;
using CsCheck;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

/// <summary>Tokens stand in volumes of other hosts, where anybody may have written.</summary>
public sealed class VolumeTokenFuzzTests
{
    private static readonly Gen<string> Near = Texts.Near(Gen.OneOf(
        new VolumeToken(Guid.NewGuid(), "alpha", Guid.NewGuid(), 17),
        new VolumeToken(Guid.Empty, "b", Guid.Empty, long.MaxValue)).Select(token => Encoding.UTF8.GetString(token.ToBytes())));

    [Test]
    public void Any_bytes_are_a_token_or_none() => Gen.OneOf(Near, Texts.Any).AreRead(
        text => !VolumeToken.TryRead(Encoding.UTF8.GetBytes(text), out var token)
            || (token.Host.Length > 0 && token.Host.All(c => c is > ' ' and < '\u007f') && token.DownloadId >= 0),
        count: 20_000);

    [Test]
    public void Token_comes_back_and_is_no_image() => Gen.Select(Gen.Guid, Gen.Guid, Gen.Long[0, long.MaxValue], Gen.Char['!', '~'].Array[1, 200]).Holds(
        c =>
        {
            var token = new VolumeToken(c.Item1, new string(c.Item4), c.Item2, c.Item3);
            var bytes = token.ToBytes();
            var isRefused = false;
            try
            {
                ImageInspector.Inspect(bytes, Options.AcceptPolicy.Safe);
            }
            catch (Errors.DownloadException)
            {
                isRefused = true;
            }

            return bytes.Length == VolumeToken.Length && VolumeToken.TryRead(bytes, out var read) && read == token && isRefused;
        },
        count: 10_000);
}
