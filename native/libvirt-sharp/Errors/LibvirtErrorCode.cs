namespace LibvirtSharp.Errors;

/// <summary>
/// What kind of error occurred: those of libvirt's <c>virErrorNumber</c> that a storage client meets. Others keep their number,
/// so a value need not be one of the names here.
/// </summary>
public enum LibvirtErrorCode
{
    /// <summary>No error (<c>VIR_ERR_OK</c>).</summary>
    None = 0,

    /// <summary>
    /// An internal error; also <c>client socket is closed</c> on a connection that is gone
    /// (<c>VIR_ERR_INTERNAL_ERROR</c>).
    /// </summary>
    InternalError = 1,

    /// <summary>Memory could not be allocated (<c>VIR_ERR_NO_MEMORY</c>).</summary>
    NoMemory = 2,

    /// <summary>The driver does not have this function (<c>VIR_ERR_NO_SUPPORT</c>).</summary>
    NoSupport = 3,

    /// <summary>No connection to the hypervisor could be made (<c>VIR_ERR_NO_CONNECT</c>).</summary>
    NoConnect = 5,

    /// <summary>The connection object is invalid (<c>VIR_ERR_INVALID_CONN</c>).</summary>
    InvalidConnection = 6,

    /// <summary>A function argument is invalid (<c>VIR_ERR_INVALID_ARG</c>).</summary>
    InvalidArgument = 8,

    /// <summary>The operation failed; also a pool that exists already (<c>VIR_ERR_OPERATION_FAILED</c>).</summary>
    OperationFailed = 9,

    /// <summary>The XML is not well formed or lacks something (<c>VIR_ERR_XML_ERROR</c>).</summary>
    XmlError = 27,

    /// <summary>The connection is read-only (<c>VIR_ERR_OPERATION_DENIED</c>).</summary>
    OperationDenied = 29,

    /// <summary>A file could not be opened (<c>VIR_ERR_OPEN_FAILED</c>).</summary>
    OpenFailed = 30,

    /// <summary>A detail of an XML error (<c>VIR_ERR_XML_DETAIL</c>).</summary>
    XmlDetail = 35,

    /// <summary>
    /// A system call failed; <see cref="LibvirtException.SystemError"/> holds its errno
    /// (<c>VIR_ERR_SYSTEM_ERROR</c>).
    /// </summary>
    SystemError = 38,

    /// <summary>An error of the remote procedure calls (<c>VIR_ERR_RPC</c>).</summary>
    Rpc = 39,

    /// <summary>An error of GnuTLS (<c>VIR_ERR_GNUTLS_ERROR</c>).</summary>
    TlsError = 40,

    /// <summary>The authentication failed (<c>VIR_ERR_AUTH_FAILED</c>).</summary>
    AuthenticationFailed = 45,

    /// <summary>The pool object is invalid (<c>VIR_ERR_INVALID_STORAGE_POOL</c>).</summary>
    InvalidStoragePool = 46,

    /// <summary>The volume object is invalid (<c>VIR_ERR_INVALID_STORAGE_VOL</c>).</summary>
    InvalidStorageVolume = 47,

    /// <summary>The pool was not found (<c>VIR_ERR_NO_STORAGE_POOL</c>).</summary>
    NoStoragePool = 49,

    /// <summary>The volume was not found (<c>VIR_ERR_NO_STORAGE_VOL</c>).</summary>
    NoStorageVolume = 50,

    /// <summary>
    /// The operation does not fit the moment: a pool that is not running or is busy, a volume in use
    /// (<c>VIR_ERR_OPERATION_INVALID</c>).
    /// </summary>
    OperationInvalid = 55,

    /// <summary>The configuration asks for something unsupported (<c>VIR_ERR_CONFIG_UNSUPPORTED</c>).</summary>
    ConfigurationUnsupported = 67,

    /// <summary>The operation took too long (<c>VIR_ERR_OPERATION_TIMEOUT</c>).</summary>
    OperationTimeout = 68,

    /// <summary>The stream object is invalid (<c>VIR_ERR_INVALID_STREAM</c>).</summary>
    InvalidStream = 73,

    /// <summary>A valid argument that this driver does not support (<c>VIR_ERR_ARGUMENT_UNSUPPORTED</c>).</summary>
    ArgumentUnsupported = 74,

    /// <summary>The pool's source could not be probed (<c>VIR_ERR_STORAGE_PROBE_FAILED</c>).</summary>
    StorageProbeFailed = 75,

    /// <summary>The pool is built already (<c>VIR_ERR_STORAGE_POOL_BUILT</c>).</summary>
    StoragePoolBuilt = 76,

    /// <summary>The operation was cancelled by the user (<c>VIR_ERR_OPERATION_ABORTED</c>).</summary>
    OperationAborted = 78,

    /// <summary>The authentication was cancelled (<c>VIR_ERR_AUTH_CANCELLED</c>).</summary>
    AuthenticationCanceled = 79,

    /// <summary>A number is too large (<c>VIR_ERR_OVERFLOW</c>).</summary>
    Overflow = 82,

    /// <summary>The operation is not supported (<c>VIR_ERR_OPERATION_UNSUPPORTED</c>).</summary>
    OperationUnsupported = 84,

    /// <summary>An error of the transport over libssh2 (<c>VIR_ERR_SSH</c>).</summary>
    Ssh = 85,

    /// <summary>The resource is in use (<c>VIR_ERR_RESOURCE_BUSY</c>).</summary>
    ResourceBusy = 87,

    /// <summary>An access rule denied the operation (<c>VIR_ERR_ACCESS_DENIED</c>).</summary>
    AccessDenied = 88,

    /// <summary>The volume exists already (<c>VIR_ERR_STORAGE_VOL_EXIST</c>).</summary>
    StorageVolumeExists = 90,

    /// <summary>The XML does not fit its schema (<c>VIR_ERR_XML_INVALID_SCHEMA</c>).</summary>
    XmlInvalidSchema = 92,

    /// <summary>No way of authenticating is at hand (<c>VIR_ERR_AUTH_UNAVAILABLE</c>).</summary>
    AuthenticationUnavailable = 94,

    /// <summary>An error of the transport over libssh (<c>VIR_ERR_LIBSSH</c>).</summary>
    LibSsh = 98,
}
