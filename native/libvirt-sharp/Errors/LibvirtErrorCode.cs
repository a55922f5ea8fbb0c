namespace LibvirtSharp.Errors;

/// <summary>The codes of virErrorNumber that a user of storage meets; others appear as their number. Source: virterror.h.</summary>
public enum LibvirtErrorCode
{
    /// <summary>No code was given.</summary>
    Unknown = 0,

    /// <summary>VIR_ERR_INTERNAL_ERROR.</summary>
    InternalError = 1,

    /// <summary>VIR_ERR_NO_SUPPORT: the driver has no such function.</summary>
    NoSupport = 3,

    /// <summary>VIR_ERR_NO_CONNECT.</summary>
    NoConnect = 5,

    /// <summary>VIR_ERR_INVALID_CONN.</summary>
    InvalidConnection = 6,

    /// <summary>VIR_ERR_INVALID_ARG.</summary>
    InvalidArgument = 8,

    /// <summary>VIR_ERR_OPERATION_FAILED.</summary>
    OperationFailed = 9,

    /// <summary>VIR_ERR_XML_ERROR.</summary>
    XmlError = 27,

    /// <summary>VIR_ERR_SYSTEM_ERROR: a system call failed; the exception has its errno.</summary>
    SystemError = 38,

    /// <summary>VIR_ERR_RPC.</summary>
    Rpc = 39,

    /// <summary>VIR_ERR_AUTH_FAILED.</summary>
    AuthenticationFailed = 45,

    /// <summary>VIR_ERR_NO_STORAGE_POOL.</summary>
    NoStoragePool = 49,

    /// <summary>VIR_ERR_NO_STORAGE_VOL.</summary>
    NoStorageVolume = 50,

    /// <summary>VIR_ERR_OPERATION_INVALID: not possible now, such as on a pool that does not run or a volume in use.</summary>
    OperationInvalid = 55,

    /// <summary>VIR_ERR_AUTH_CANCELLED.</summary>
    AuthenticationCanceled = 79,

    /// <summary>VIR_ERR_ACCESS_DENIED.</summary>
    AccessDenied = 88,

    /// <summary>VIR_ERR_STORAGE_VOL_EXIST.</summary>
    StorageVolumeExists = 90,

    /// <summary>VIR_ERR_AUTH_UNAVAILABLE.</summary>
    AuthenticationUnavailable = 94,
}

/// <summary>The parts of libvirt that report errors, as far as they matter here; others appear as their number. Source: virterror.h.</summary>
public enum LibvirtErrorDomain
{
    /// <summary>VIR_FROM_NONE.</summary>
    None = 0,

    /// <summary>VIR_FROM_RPC: the connection to the daemon.</summary>
    Rpc = 7,

    /// <summary>VIR_FROM_STORAGE.</summary>
    Storage = 18,

    /// <summary>VIR_FROM_STREAMS.</summary>
    Streams = 38,
}
