namespace LibvirtSharp.Errors;

/// <summary>Which exception stands for which error.</summary>
internal static class LibvirtExceptionTable
{
    public static LibvirtException Create(LibvirtErrorCode code, LibvirtErrorDomain domain, int number, string message) => code switch
    {
        LibvirtErrorCode.NoStoragePool => new StoragePoolNotFoundException(code, domain, message),
        LibvirtErrorCode.NoStorageVolume => new StorageVolumeNotFoundException(code, domain, message),
        LibvirtErrorCode.StorageVolumeExists => new StorageVolumeExistsException(code, domain, message),
        LibvirtErrorCode.AuthenticationFailed or LibvirtErrorCode.AuthenticationCanceled
            or LibvirtErrorCode.AuthenticationUnavailable or LibvirtErrorCode.AccessDenied =>
            new LibvirtAccessDeniedException(code, domain, message),
        // A lost connection shows as a system error ("Broken pipe"), an internal one ("client socket is closed") or an RPC one,
        // always of the RPC domain; what the daemon itself refuses comes from the domain of its driver.
        _ when domain is LibvirtErrorDomain.Rpc || code is LibvirtErrorCode.NoConnect or LibvirtErrorCode.InvalidConnection =>
            new LibvirtConnectionException(code, domain, Errno(code, number), message),
        _ => new LibvirtException(code, domain, Errno(code, number), message),
    };

    private static int Errno(LibvirtErrorCode code, int number) =>
        code is LibvirtErrorCode.SystemError && number > 0 ? number : 0;
}
