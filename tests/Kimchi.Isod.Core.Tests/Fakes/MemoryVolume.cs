using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>A volume in memory.</summary>
internal sealed class MemoryVolume(long capacity, VolumeAllocation allocation) : IVolume
{
    private static int _count;

    private VolumeAllocation _allocation = allocation;
    private byte[] _bytes = new byte[capacity];
    private bool _isObserved;
    private int _writers;
    private long _writes;

    public byte[] Bytes => _bytes;

    public long GetCapacity() => _bytes.Length;

    public bool IsZeroed { get; set; } = true;

    /// <summary>Bytes from which on writes are lost though finish succeeds, as on a full disk.</summary>
    public long LosesBytesFrom { get; set; } = long.MaxValue;

    /// <summary>Thrown by the next write, once.</summary>
    public Exception? NextWriteFailure { get; set; }

    public long BytesRead { get; private set; }

    /// <summary>Offsets and lengths of all reads that were asked for.</summary>
    public List<(long Offset, long Length)> Reads { get; } = [];

    /// <summary>Runs before each read.</summary>
    public Action OnRead { get; set; } = () => { };

    /// <summary>Offsets and lengths of all finished uploads.</summary>
    public List<(long Offset, long Length)> Uploads { get; } = [];

    public long TakenBytes
    {
        get
        {
            lock (Uploads) return _allocation is VolumeAllocation.Full ? _bytes.Length : Uploads.Where(u => u.Offset > 0 || u.Length > VolumeToken.Length).Sum(u => u.Length);
        }
    }

    public void Resize(long size) => Array.Resize(ref _bytes, (int)size);

    public IVolumeUpload BeginUpload(long offset, long length) => new Upload(this, offset, length);

    public void Read(long offset, long length, VolumeReader read)
    {
        OnRead();
        lock (Reads) Reads.Add((offset, length));
        var end = Math.Min(offset + length, _bytes.Length);
        BytesRead += Math.Max(0, end - offset);
        for (var at = offset; at < end; at += 1000) read(_bytes.AsSpan((int)at, (int)Math.Min(1000, end - at)));
    }

    /// <summary>What is taken of its space when it gets its capacity.</summary>
    public VolumeAllocation Policy { get; set; } = VolumeAllocation.Full;

    public VolumeAllocation Settle(long capacity)
    {
        Resize(capacity);
        Interlocked.Increment(ref _writes);
        return _allocation = Policy;
    }

    /// <summary>Takes it out of its pool.</summary>
    public Action<MemoryVolume> OnDelete { get; set; } = _ => { };

    public void Delete() => OnDelete(this);

    /// <summary>Whether the daemon sees its file.</summary>
    public bool IsSeen { get; set; } = true;

    /// <summary>Which file it is.</summary>
    public int FileNumber { get; set; } = Interlocked.Increment(ref _count);

    /// <summary>The mount by which it is seen.</summary>
    public string Mount { get; set; } = "mount";

    public VolumeFile? FindFile(ReadOnlyMemory<byte> start) => IsSeen ? new VolumeFile($"file {FileNumber}", Mount) : null;

    /// <summary>Whether its file has a stamp.</summary>
    public bool HasStamp { get; set; } = true;

    /// <summary>Whether the kernel gives a watch.</summary>
    public bool IsWatched { get; set; } = true;

    /// <summary>Writes as somebody else does, who opens and closes the file.</summary>
    public void WriteByOthers(long offset, params ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        Interlocked.Increment(ref _writes);
        Interlocked.Increment(ref _writers);
    }

    public VolumeActivity Observe()
    {
        var isCounted = _isObserved && IsWatched;
        _isObserved = true;
        var writers = Interlocked.Exchange(ref _writers, 0);
        return IsSeen ? new VolumeActivity(HasStamp ? $"write {_writes}" : null, isCounted ? writers : 0, IsWatched) : default;
    }

    /// <summary>Runs at each flush; may throw, as a disk that fails does.</summary>
    public Action OnFlush { get; set; } = () => { };

    public bool Flush()
    {
        if (IsSeen) OnFlush();
        return IsSeen;
    }

    public void FlushSoon()
    {
    }

    // The volume outlives those who open it; their watch does not.
    public void Dispose() => _isObserved = false;

    private sealed class Upload(MemoryVolume volume, long offset, long length) : IVolumeUpload
    {
        private long _sent;
        private int _isClosed;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (volume.NextWriteFailure is { } failure)
            {
                volume.NextWriteFailure = null;
                throw failure;
            }

            if (_sent + bytes.Length > length) throw new InvalidOperationException("more bytes than the upload's length");
            if (offset + _sent + bytes.Length > volume._bytes.Length) volume.Resize(offset + _sent + bytes.Length);
            Interlocked.Increment(ref volume._writes);
            foreach (var value in bytes)
            {
                var at = offset + _sent++;
                if (at < volume.LosesBytesFrom) volume._bytes[at] = value;
            }
        }

        public void Finish()
        {
            lock (volume.Uploads) volume.Uploads.Add((offset, _sent));
            Close();
        }

        // What was written stays, as libvirt's finished writes do.
        public void Dispose() => Close();

        private void Close()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0) Interlocked.Increment(ref volume._writers);
        }
    }
}
