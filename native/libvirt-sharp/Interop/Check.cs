using LibvirtSharp.Errors;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Interop;

/// <summary>
/// One check for each of libvirt's conventions. Each copies the error at once: libvirt keeps it per thread, and the next call,
/// a free included, resets it.
/// </summary>
internal static class Check
{
    /// <summary>Convention: a negative result is failure.</summary>
    internal static int NotNegative(int result, LibvirtHandle on) => result < 0 ? throw Failure(on) : result;

    /// <summary>Convention: 1 is yes, 0 is no, a negative result is failure.</summary>
    internal static bool Truth(int result, LibvirtHandle on) => NotNegative(result, on) == 1;

    /// <summary>Convention: a null string is failure.</summary>
    internal static string NotNull(string? text, LibvirtHandle on) => text ?? throw Failure(on);

    /// <summary>
    /// Convention: a null object is failure; the new object keeps the connection of <paramref name="on"/> alive.
    /// </summary>
    internal static T Child<T>(T handle, LibvirtHandle on)
        where T : LibvirtHandle
    {
        if (handle.IsInvalid)
            throw Failure(on);
        handle.KeepAlive(on.Connection);
        return handle;
    }

    /// <summary>As <see cref="Child"/>, but the one error <paramref name="missing"/> is no failure and gives null.</summary>
    internal static T? ChildUnless<T>(T handle, LibvirtHandle on, LibvirtErrorCode missing)
        where T : LibvirtHandle
    {
        if (!handle.IsInvalid)
            return Child(handle, on);
        var error = NativeError.Last();
        return error.Code == missing ? null : throw ErrorTable.Exception(error, on);
    }

    private static LibvirtException Failure(LibvirtHandle on) => ErrorTable.Exception(NativeError.Last(), on);
}
