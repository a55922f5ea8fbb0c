using System.Runtime.InteropServices.Marshalling;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Errors;

/// <summary>A copy of libvirt's last error on this thread.</summary>
internal sealed record NativeError(
    LibvirtErrorCode Code, LibvirtErrorDomain Domain, LibvirtErrorLevel Level, string Message, int Number1)
{
    /// <summary>
    /// Copies the error (<c>virGetLastError</c>), on the thread of the call that failed and before any other call.
    /// </summary>
    internal static unsafe NativeError Last()
    {
        var fields = NativeMethods.virGetLastError();
        return fields is null
            ? new NativeError(
                LibvirtErrorCode.None,
                LibvirtErrorDomain.None,
                LibvirtErrorLevel.None,
                "The call failed without an error; was the object disposed of by another thread?",
                0)
            : new NativeError(
                (LibvirtErrorCode)fields->Code,
                (LibvirtErrorDomain)fields->Domain,
                (LibvirtErrorLevel)fields->Level,
                Utf8StringMarshaller.ConvertToManaged(fields->Message) ?? "unknown error",
                fields->Number1);
    }
}
