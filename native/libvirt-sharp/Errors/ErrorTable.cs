using LibvirtSharp.Handles;

namespace LibvirtSharp.Errors;

/// <summary>The one place where a native error becomes an exception.</summary>
internal static class ErrorTable
{
    private const int EPerm = 1;
    private const int EAcces = 13;
    private const int ENoSpc = 28;
    private const int EDQuot = 122;

    /// <summary>Errors of the codes 55 and 1 that pass; the texts are those of libvirt's storage_driver.c.</summary>
    private static readonly string[] BusyTexts = ["is still in use", "has asynchronous jobs running", "is still being allocated"];

    /// <summary>
    /// What a call on an open connection threw. Asks libvirt, so <paramref name="error"/> must be a copy. An error of the transport
    /// means that the connection is lost, whatever <c>virConnectIsAlive</c> says: virtqemud hands storage calls on to virtstoraged, and
    /// when its own connection there is gone, ours to virtqemud is alive and of no use any more.
    /// </summary>
    internal static LibvirtException Exception(NativeError error, LibvirtHandle on) => error.Code switch
    {
        LibvirtErrorCode.None => Exception(error),
        _ when !on.Connection.IsAlive => new ConnectionLostException(error),
        _ => CallException(error),
    };

    /// <summary>What a call on a connection threw that libvirt says is alive.</summary>
    internal static LibvirtException CallException(NativeError error) =>
        IsTransport(error) && error.Domain is not LibvirtErrorDomain.Remote && IsPlain(error)
            ? new ConnectionLostException(error)
            : Exception(error);

    /// <summary>What opening a connection threw: whatever is about transport rather than rights or arguments.</summary>
    internal static LibvirtException OpenException(NativeError error) =>
        IsTransport(error) && IsPlain(error) ? new ConnectionFailedException(error) : Exception(error);

    /// <summary>What a call without a connection threw.</summary>
    internal static LibvirtException Exception(NativeError error) => error.Code switch
    {
        LibvirtErrorCode.NoStoragePool => new StoragePoolNotFoundException(error),
        LibvirtErrorCode.NoStorageVolume => new StorageVolumeNotFoundException(error),
        LibvirtErrorCode.StorageVolumeExists => new StorageVolumeExistsException(error),
        LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported =>
            new LibvirtNotSupportedException(error),
        LibvirtErrorCode.OperationDenied or LibvirtErrorCode.AccessDenied or LibvirtErrorCode.AuthenticationFailed
            or LibvirtErrorCode.AuthenticationCanceled or LibvirtErrorCode.AuthenticationUnavailable =>
            new LibvirtAccessDeniedException(error),
        LibvirtErrorCode.SystemError when error.Domain is LibvirtErrorDomain.Rpc && error.Number1 is EAcces or EPerm =>
            new LibvirtAccessDeniedException(error),
        LibvirtErrorCode.SystemError when error.Number1 is ENoSpc or EDQuot => new NoSpaceException(error),
        LibvirtErrorCode.ResourceBusy => new LibvirtBusyException(error),
        LibvirtErrorCode.OperationInvalid or LibvirtErrorCode.InternalError when IsBusy(error) => new LibvirtBusyException(error),
        _ => new LibvirtException(error),
    };

    // No more special exception stands for it.
    private static bool IsPlain(NativeError error) => Exception(error).GetType() == typeof(LibvirtException);

    private static bool IsTransport(NativeError error) => error.Domain switch
    {
        LibvirtErrorDomain.Rpc or LibvirtErrorDomain.Remote => error.Code is LibvirtErrorCode.SystemError
            or LibvirtErrorCode.InternalError or LibvirtErrorCode.Rpc or LibvirtErrorCode.TlsError or LibvirtErrorCode.NoConnect,
        LibvirtErrorDomain.Ssh or LibvirtErrorDomain.LibSsh => true,
        _ => error.Code is LibvirtErrorCode.Ssh or LibvirtErrorCode.LibSsh,
    };

    private static bool IsBusy(NativeError error) =>
        Array.Exists(BusyTexts, text => error.Message.Contains(text, StringComparison.Ordinal));
}
