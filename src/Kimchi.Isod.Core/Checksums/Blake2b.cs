using System.Buffers.Binary;
using System.Numerics;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>BLAKE2b with a digest of 64 bytes and no key: RFC 7693. .NET has none, and OpenSSL's is not for the reach of managed code.</summary>
internal sealed class Blake2b
{
    /// <summary>The bytes of a digest.</summary>
    public const int DigestSize = 64;

    private const int BlockSize = 128;

    // Section 2.6, those of SHA-512.
    private static readonly ulong[] Initial =
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    // Section 2.7. Rounds 10 and 11 are as 0 and 1.
    private static readonly byte[] Schedule =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    ];

    private readonly ulong[] _state;
    private readonly byte[] _block;
    private ulong _count;
    private int _filled;

    /// <summary>Begins with no byte.</summary>
    public Blake2b()
    {
        _state = [.. Initial];
        // Section 2.5, the parameter block: the digest's length, no key, fanout and depth 1.
        _state[0] ^= 0x01010000 ^ DigestSize;
        _block = new byte[BlockSize];
    }

    private Blake2b(Blake2b other)
    {
        _state = [.. other._state];
        _block = [.. other._block];
        (_count, _filled) = (other._count, other._filled);
    }

    /// <summary>A copy, which goes on from the same bytes by itself.</summary>
    public Blake2b Clone() => new(this);

    /// <summary>Adds the bytes that follow.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            // The last block is told apart, so a full one waits until it is known that more follows.
            if (_filled == BlockSize)
            {
                Compress(_block, isLast: false);
                _filled = 0;
            }

            for (; _filled == 0 && bytes.Length > BlockSize; bytes = bytes[BlockSize..])
            {
                _count += BlockSize;
                Compress(bytes[..BlockSize], isLast: false);
            }

            var count = Math.Min(BlockSize - _filled, bytes.Length);
            bytes[..count].CopyTo(_block.AsSpan(_filled));
            _filled += count;
            _count += (ulong)count;
            bytes = bytes[count..];
        }
    }

    /// <summary>The digest of the bytes so far; more may follow.</summary>
    public byte[] Current()
    {
        var end = Clone();
        end._block.AsSpan(end._filled).Clear();
        end.Compress(end._block, isLast: true);
        var digest = new byte[DigestSize];
        for (var i = 0; i < end._state.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(digest.AsSpan(8 * i), end._state[i]);
        return digest;
    }

    // Section 3.2, F. The count stays below 2^64 bytes, so its upper half is 0.
    private void Compress(ReadOnlySpan<byte> block, bool isLast)
    {
        Span<ulong> m = stackalloc ulong[16];
        for (var i = 0; i < m.Length; i++) m[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        Span<ulong> v = stackalloc ulong[16];
        _state.CopyTo(v);
        Initial.CopyTo(v[8..]);
        v[12] ^= _count;
        if (isLast) v[14] = ~v[14];
        for (var round = 0; round < 12; round++) Round(v, m, Schedule.AsSpan(16 * round, 16));
        for (var i = 0; i < _state.Length; i++) _state[i] ^= v[i] ^ v[i + 8];
    }

    private static void Round(Span<ulong> v, ReadOnlySpan<ulong> m, ReadOnlySpan<byte> s)
    {
        Mix(ref v[0], ref v[4], ref v[8], ref v[12], m[s[0]], m[s[1]]);
        Mix(ref v[1], ref v[5], ref v[9], ref v[13], m[s[2]], m[s[3]]);
        Mix(ref v[2], ref v[6], ref v[10], ref v[14], m[s[4]], m[s[5]]);
        Mix(ref v[3], ref v[7], ref v[11], ref v[15], m[s[6]], m[s[7]]);
        Mix(ref v[0], ref v[5], ref v[10], ref v[15], m[s[8]], m[s[9]]);
        Mix(ref v[1], ref v[6], ref v[11], ref v[12], m[s[10]], m[s[11]]);
        Mix(ref v[2], ref v[7], ref v[8], ref v[13], m[s[12]], m[s[13]]);
        Mix(ref v[3], ref v[4], ref v[9], ref v[14], m[s[14]], m[s[15]]);
    }

    // Section 3.1, G.
    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d, ulong x, ulong y)
    {
        a += b + x;
        d = BitOperations.RotateRight(d ^ a, 32);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 24);
        a += b + y;
        d = BitOperations.RotateRight(d ^ a, 16);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 63);
    }
}
