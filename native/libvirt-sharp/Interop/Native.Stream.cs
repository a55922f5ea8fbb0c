using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <content>Streams: libvirt/libvirt-stream.h.</content>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "virStreamNew")]
    public static partial StreamHandle StreamNew(ConnectionHandle connection, uint flags);

    [LibraryImport(Library, EntryPoint = "virStreamFree")]
    public static partial int StreamFree(nint stream);

    [LibraryImport(Library, EntryPoint = "virStreamSend")]
    public static partial int StreamSend(StreamHandle stream, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "virStreamSendHole")]
    public static partial int StreamSendHole(StreamHandle stream, long length, uint flags);

    [LibraryImport(Library, EntryPoint = "virStreamRecv")]
    public static partial int StreamReceive(StreamHandle stream, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "virStreamFinish")]
    public static partial int StreamFinish(StreamHandle stream);

    [LibraryImport(Library, EntryPoint = "virStreamAbort")]
    public static partial int StreamAbort(StreamHandle stream);
}
