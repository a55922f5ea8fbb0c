namespace LibvirtSharp.Errors;

/// <summary>
/// The part of libvirt that raised an error: those of <c>virErrorDomain</c> that a storage client meets. Others keep their
/// number, so a value need not be one of the names here.
/// </summary>
public enum LibvirtErrorDomain
{
    /// <summary>No part in particular (<c>VIR_FROM_NONE</c>).</summary>
    None = 0,

    /// <summary>The XML parser (<c>VIR_FROM_XML</c>).</summary>
    Xml = 5,

    /// <summary>The remote procedure calls between client and server (<c>VIR_FROM_RPC</c>).</summary>
    Rpc = 7,

    /// <summary>A configuration file (<c>VIR_FROM_CONF</c>).</summary>
    Configuration = 9,

    /// <summary>The QEMU driver (<c>VIR_FROM_QEMU</c>).</summary>
    Qemu = 10,

    /// <summary>The test driver (<c>VIR_FROM_TEST</c>).</summary>
    Test = 12,

    /// <summary>The client's remote driver (<c>VIR_FROM_REMOTE</c>).</summary>
    Remote = 13,

    /// <summary>The storage driver (<c>VIR_FROM_STORAGE</c>).</summary>
    Storage = 18,

    /// <summary>The input and output streams of the server (<c>VIR_FROM_STREAMS</c>).</summary>
    Streams = 38,

    /// <summary>The event loop (<c>VIR_FROM_EVENT</c>).</summary>
    Event = 40,

    /// <summary>The URI (<c>VIR_FROM_URI</c>).</summary>
    Uri = 45,

    /// <summary>Authentication (<c>VIR_FROM_AUTH</c>).</summary>
    Authentication = 46,

    /// <summary>The client's transport over libssh2, of URIs with <c>+libssh2</c> (<c>VIR_FROM_SSH</c>).</summary>
    Ssh = 50,

    /// <summary>polkit (<c>VIR_FROM_POLKIT</c>).</summary>
    Polkit = 60,

    /// <summary>The client's transport over libssh, of URIs with <c>+libssh</c> (<c>VIR_FROM_LIBSSH</c>).</summary>
    LibSsh = 66,
}
