using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kimchi.Isod.Core.Segments;

/// <summary>Memory of the system's that it has back at once when this is disposed of, where an array's stays with the process for as long as the
/// garbage collector sees fit.</summary>
/// <remarks>These are the only pointers outside of the bindings.</remarks>
internal sealed unsafe partial class MappedMemory : MemoryManager<byte>
{
    // mman.h of Linux, the same on every processor that .NET runs on.
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymous = 2 | 0x20;
    private static readonly void* Failed = (void*)-1L;

    private readonly void* _address;
    private readonly int _length;
    private bool _isFree;

    /// <summary>Maps memory.</summary>
    /// <param name="length">How many bytes, at least one.</param>
    /// <exception cref="Win32Exception">The system gives none.</exception>
    public MappedMemory(int length)
    {
        _address = Map(null, (nuint)length, ReadWrite, PrivateAnonymous, -1, 0);
        _length = length;
        if (_address == Failed) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"mmap of {length} bytes: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isFree, this);
        return new Span<byte>(_address, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_isFree, this);
        return new MemoryHandle((byte*)_address + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It never moves.
    }

    /// <summary>Gives the memory back. Nobody may use it any more.</summary>
    protected override void Dispose(bool disposing)
    {
        if (_isFree) return;
        _isFree = true;
        _ = Unmap(_address, (nuint)_length);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
