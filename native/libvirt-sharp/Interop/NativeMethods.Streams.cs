using System.Runtime.InteropServices;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial StreamHandle virStreamNew(ConnectHandle connection, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStreamSend(StreamHandle stream, byte* data, nuint count);

    [LibraryImport(Library)]
    internal static partial int virStreamSendHole(StreamHandle stream, long length, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStreamRecv(StreamHandle stream, byte* data, nuint count);

    [LibraryImport(Library)]
    internal static partial int virStreamFinish(StreamHandle stream);

    [LibraryImport(Library)]
    internal static partial int virStreamAbort(StreamHandle stream);

    [LibraryImport(Library, EntryPoint = "virStreamAbort")]
    internal static partial int virStreamAbortReleased(nint stream);

    [LibraryImport(Library)]
    internal static partial int virStreamFree(nint stream);
}
