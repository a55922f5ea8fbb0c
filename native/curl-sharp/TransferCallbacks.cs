using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using CurlSharp.Handles;
using CurlSharp.Interop;

namespace CurlSharp;

/// <summary>What libcurl calls. No exception may pass through C: the first one is kept until libcurl has returned.</summary>
internal sealed unsafe class TransferCallbacks(ICurlReceiver receiver)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>The sockets that are open.</summary>
    internal TransferSockets Sockets { get; } = new();

    /// <summary>Has libcurl call <paramref name="easy"/>'s object.</summary>
    internal static void Register(EasyHandle easy)
    {
        delegate* unmanaged[Cdecl]<byte*, nuint, nuint, nint, nuint> write = &Write;
        delegate* unmanaged[Cdecl]<nint, CurlDebugKind, byte*, nuint, nint, int> debug = &Debug;
        delegate* unmanaged[Cdecl]<nint, int, CurlSocketAddress*, int> open = &OpenSocket;
        delegate* unmanaged[Cdecl]<nint, int, int> close = &CloseSocket;
        Set(CurlOption.WriteFunction, CurlOption.WriteData, (nint)write);
        Set(CurlOption.DebugFunction, CurlOption.DebugData, (nint)debug);
        Set(CurlOption.OpenSocketFunction, CurlOption.OpenSocketData, (nint)open);
        Set(CurlOption.CloseSocketFunction, CurlOption.CloseSocketData, (nint)close);

        void Set(CurlOption function, CurlOption data, nint callback)
        {
            easy.Set(function, callback);
            easy.Set(data, easy.Callbacks);
        }
    }

    /// <summary>Throws what the receiver threw.</summary>
    internal void ThrowIfFailed() => _failure?.Throw();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Write(byte* data, nuint size, nuint count, nint user)
    {
        var length = size * count;
        // Fewer bytes taken than given end the transfer.
        return From(user).Guard(new(data, (int)length), static (r, bytes) => r.OnData(bytes)) ? length : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Debug(nint easy, CurlDebugKind kind, byte* data, nuint length, nint user)
    {
        if (kind is CurlDebugKind.HeaderOut)
            From(user).Guard(new(data, (int)length), static (r, line) => r.OnCommand(line));
        else if (kind is CurlDebugKind.HeaderIn)
            From(user).Heard(new(data, (int)length));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OpenSocket(nint user, int purpose, CurlSocketAddress* address) =>
        From(user).Sockets.Open(address->Family, address->Type, address->Protocol);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CloseSocket(nint user, int socket)
    {
        From(user).Guard(default, static (r, _) => r.OnClosing());
        return From(user).Sockets.Close(socket);
    }

    private static TransferCallbacks From(nint user) => (TransferCallbacks)GCHandle.FromIntPtr(user).Target!;

    private void Heard(ReadOnlySpan<byte> line)
    {
        Sockets.Heard(line);
        Guard(line, static (r, reply) => r.OnReply(reply));
    }

    private bool Guard(ReadOnlySpan<byte> data, Handler handler)
    {
        if (_failure is not null)
            return false;
        try
        {
            handler(receiver, data);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, it must not unwind C's stack; Perform throws it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }

    private delegate void Handler(ICurlReceiver receiver, ReadOnlySpan<byte> data);
}
