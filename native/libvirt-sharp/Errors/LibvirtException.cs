namespace LibvirtSharp.Errors;

/// <summary>An error that libvirt reported; the message is libvirt's own, in the language of the process that wrote it.</summary>
public class LibvirtException : Exception
{
    internal LibvirtException(NativeError error)
        : base(error.Message)
    {
        Code = error.Code;
        Domain = error.Domain;
        Level = error.Level;
        SystemError = error.Code == LibvirtErrorCode.SystemError ? Math.Max(error.Number1, 0) : 0; // -1: none
    }

    /// <summary>What kind of error it is (<c>virError.code</c>).</summary>
    public LibvirtErrorCode Code { get; }

    /// <summary>Which part of libvirt raised it (<c>virError.domain</c>).</summary>
    public LibvirtErrorDomain Domain { get; }

    /// <summary>How grave it is (<c>virError.level</c>).</summary>
    public LibvirtErrorLevel Level { get; }

    /// <summary>
    /// The errno behind <see cref="LibvirtErrorCode.SystemError"/> (<c>virError.int1</c>), of the machine that libvirtd runs on;
    /// 0 with any other code, and where libvirt knew none.
    /// </summary>
    public int SystemError { get; }

    /// <summary>
    /// Whether the same call may well succeed later, where needed on a new connection, with nothing else changed.
    /// </summary>
    public virtual bool IsTransient => false;
}
