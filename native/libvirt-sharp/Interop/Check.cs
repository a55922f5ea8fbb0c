using System.Runtime.InteropServices;
using LibvirtSharp.Errors;

namespace LibvirtSharp.Interop;

/// <summary>libvirt's ways to say that a call failed, and the exception for each.</summary>
/// <remarks>The error is copied at once and on the same thread: it is kept per thread, and a later call, frees included, resets it.</remarks>
internal static unsafe class Check
{
    /// <summary>For calls that return -1 when they fail.</summary>
    public static int Result(int result) => result >= 0 ? result : throw LastError();

    /// <summary>For calls that return 0 or 1, and -1 when they fail.</summary>
    public static bool Flag(int result) => Result(result) == 1;

    /// <summary>For calls that return an object, and null when they fail.</summary>
    public static T Handle<T>(T handle)
        where T : LibvirtHandle
    {
        if (!handle.IsInvalid) return handle;
        var error = LastError();
        handle.Dispose();
        throw error;
    }

    /// <summary>For calls that return a string that belongs to the object.</summary>
    public static string Text(nint text) => text != 0 ? Marshal.PtrToStringUTF8(text)! : throw LastError();

    /// <summary>For calls that return a string that the caller frees.</summary>
    public static string OwnedText(nint text)
    {
        if (text == 0) throw LastError();
        try
        {
            return Marshal.PtrToStringUTF8(text)!;
        }
        finally
        {
            NativeMemory.Free((void*)text);
        }
    }

    private static LibvirtException LastError()
    {
        var error = Native.GetLastError();
        return error is null
            ? new LibvirtException(LibvirtErrorCode.Unknown, LibvirtErrorDomain.None, 0, "libvirt reports a failure without a reason")
            : LibvirtExceptionTable.Create(
                (LibvirtErrorCode)error->Code,
                (LibvirtErrorDomain)error->Domain,
                error->Number1,
                Marshal.PtrToStringUTF8((nint)error->Message) ?? "no message");
    }
}
