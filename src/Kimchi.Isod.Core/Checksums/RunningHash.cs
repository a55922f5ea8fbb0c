using System.Security.Cryptography;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>A digest that is being computed, of any kind: of the BCL's, or ours.</summary>
internal abstract class RunningHash : IDisposable
{
    /// <summary>Begins one with no byte.</summary>
    public static RunningHash Create(ChecksumAlgorithm algorithm) => algorithm is ChecksumAlgorithm.Blake2b
        ? new Blake2bHash(new Blake2b())
        : new IncrementalHashOf(IncrementalHash.CreateHash(new HashAlgorithmName(algorithm.ToString().ToUpperInvariant())));

    /// <summary>Adds the bytes that follow.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>A copy, which goes on from the same bytes by itself.</summary>
    public abstract RunningHash Clone();

    /// <summary>The digest of the bytes so far; more may follow.</summary>
    public abstract byte[] Current();

    /// <summary>Gives its memory back.</summary>
    public abstract void Dispose();

    private sealed class IncrementalHashOf(IncrementalHash hash) : RunningHash
    {
        public override void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public override RunningHash Clone() => new IncrementalHashOf(hash.Clone());

        public override byte[] Current() => hash.GetCurrentHash();

        public override void Dispose() => hash.Dispose();
    }

    private sealed class Blake2bHash(Blake2b hash) : RunningHash
    {
        public override void Append(ReadOnlySpan<byte> bytes) => hash.Append(bytes);

        public override RunningHash Clone() => new Blake2bHash(hash.Clone());

        public override byte[] Current() => hash.Current();

        public override void Dispose()
        {
            // It has no more than arrays.
        }
    }
}
