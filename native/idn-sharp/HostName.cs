using System.Runtime.InteropServices;

namespace IdnSharp;

/// <summary>Internationalized host names.</summary>
public static class HostName
{
    // IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL: compose first, then map as UTS 46 says. As curl does (lib/idn.c).
    private const int Flags = 1 | 8;

    /// <summary>The form of a name that a name server knows: ASCII, each label that is not in itself as <c>xn--…</c>.</summary>
    /// <param name="name">A name in Unicode, composed or not, in any case and width; with no null character.</param>
    /// <exception cref="IdnException">No host can have that name.</exception>
    /// <exception cref="IdnNotInstalledException">libidn2 is missing.</exception>
    public static unsafe string ToAscii(string name)
    {
        try
        {
            var code = NativeMethods.idn2_lookup_u8(name, out var found, Flags);
            if (code != 0) throw new IdnException(code, Marshal.PtrToStringUTF8((nint)NativeMethods.idn2_strerror(code)) ?? "");
            try
            {
                return Marshal.PtrToStringUTF8((nint)found)!;
            }
            finally
            {
                NativeMethods.idn2_free(found);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new IdnNotInstalledException(e);
        }
    }
}
