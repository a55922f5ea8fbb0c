namespace LibvirtSharp.Errors;

/// <summary>A call of libvirt's failed.</summary>
public class LibvirtException(LibvirtErrorCode code, LibvirtErrorDomain domain, int systemError, string message) : Exception(message)
{
    /// <summary>What failed: virErrorNumber.</summary>
    public LibvirtErrorCode Code { get; } = code;

    /// <summary>Which part of libvirt says so: virErrorDomain.</summary>
    public LibvirtErrorDomain Domain { get; } = domain;

    /// <summary>The errno of the system call, where <see cref="Code"/> is <see cref="LibvirtErrorCode.SystemError"/> and libvirt
    /// tells it; else 0.</summary>
    public int SystemError { get; } = systemError;
}

/// <summary>There is no pool of that name.</summary>
public sealed class StoragePoolNotFoundException(LibvirtErrorCode code, LibvirtErrorDomain domain, string message)
    : LibvirtException(code, domain, 0, message);

/// <summary>There is no volume of that name.</summary>
public sealed class StorageVolumeNotFoundException(LibvirtErrorCode code, LibvirtErrorDomain domain, string message)
    : LibvirtException(code, domain, 0, message);

/// <summary>There is a volume of that name already.</summary>
public sealed class StorageVolumeExistsException(LibvirtErrorCode code, LibvirtErrorDomain domain, string message)
    : LibvirtException(code, domain, 0, message);

/// <summary>The daemon cannot be reached, or the connection to it is lost. Nothing reconnects by itself: open a new connection.</summary>
public sealed class LibvirtConnectionException(LibvirtErrorCode code, LibvirtErrorDomain domain, int systemError, string message)
    : LibvirtException(code, domain, systemError, message);

/// <summary>The daemon does not let this user do it.</summary>
public sealed class LibvirtAccessDeniedException(LibvirtErrorCode code, LibvirtErrorDomain domain, string message)
    : LibvirtException(code, domain, 0, message);

/// <summary>libvirt's library is not on this machine.</summary>
public sealed class LibvirtNotInstalledException(string message, Exception inner) : Exception(message, inner);
