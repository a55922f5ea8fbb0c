namespace Kimchi.Isod.Contracts;

/// <summary>The ids that begin every error's reason, in Kimchi's form. Never used again for another meaning.</summary>
public static class MessageIds
{
    /// <summary>404: no such path.</summary>
    public const string NoSuchPath = "KCHAPI0001E";

    /// <summary>405: the path exists, the method does not.</summary>
    public const string MethodNotAllowed = "KCHAPI0005E";

    /// <summary>400: the body is not JSON, or not one object.</summary>
    public const string NotJson = "KCHAPI0006E";

    /// <summary>415: the content type is not JSON.</summary>
    public const string ContentType = "KCHAPI0007E";

    /// <summary>400: a field is missing, has the wrong type or an unusable value.</summary>
    public const string Field = "KCHAPI0008E";

    /// <summary>413: the body is too large.</summary>
    public const string BodyTooLarge = "KCHAPI0009E";

    /// <summary>429: too many streams of events are open.</summary>
    public const string TooManyStreams = "KCHAPI0010E";

    /// <summary>400, 405, 408, 414, 431 or 505: the request itself cannot be read, before its path and its body.</summary>
    public const string RequestUnreadable = "KCHAPI0011E";

    /// <summary>400: the name is in use.</summary>
    public const string NameInUse = "KCHVOL0001E";

    /// <summary>500: libvirt could not create the volume.</summary>
    public const string VolumeNotCreated = "KCHVOL0007E";

    /// <summary>400: no volume can have that name.</summary>
    public const string NameInvalid = "KCHVOL0013E";

    /// <summary>400: not an absolute http, https, ftp or ftps URL.</summary>
    public const string UrlInvalid = "KCHVOL0021E";

    /// <summary>400: the remote file cannot be read.</summary>
    public const string RemoteUnreadable = "KCHVOL0022E";

    /// <summary>404: no such pool, or not an allowed one.</summary>
    public const string PoolNotFound = "KCHPOOL0002E";

    /// <summary>400: the pool is not running.</summary>
    public const string PoolNotRunning = "KCHPOOL0006E";

    /// <summary>400: the pool has too little free space.</summary>
    public const string NoSpace = "KCHDL0001E";

    /// <summary>400: no download goes by that name.</summary>
    public const string DownloadNotFound = "KCHDL0002E";

    /// <summary>400: not an ongoing download.</summary>
    public const string NotOngoing = "KCHDL0003E";

    /// <summary>400: the download cannot be paused.</summary>
    public const string NotPausable = "KCHDL0004E";

    /// <summary>400: not a paused download.</summary>
    public const string NotPaused = "KCHDL0005E";

    /// <summary>400: the reply of the server is not a file worth storing.</summary>
    public const string NotAnImage = "KCHDL0006E";

    /// <summary>400: the download failed.</summary>
    public const string DownloadFailed = "KCHDL0007E";

    /// <summary>400: the checksum given is malformed or of an unknown kind.</summary>
    public const string ChecksumInvalid = "KCHDL0008E";

    /// <summary>429: the limit of waiting downloads is reached.</summary>
    public const string QueueFull = "KCHDL0009E";

    /// <summary>400: not a failed download.</summary>
    public const string NotFailed = "KCHDL0010E";

    /// <summary>400: the download is not over (forget).</summary>
    public const string NotOver = "KCHDL0011E";

    /// <summary>400: no signature is good, or its keyring cannot be used.</summary>
    public const string SignatureInvalid = "KCHDL0012E";

    /// <summary>400: the metalink cannot be used.</summary>
    public const string MetalinkInvalid = "KCHDL0013E";

    /// <summary>400: no checksum was found beside the file.</summary>
    public const string ChecksumNotFound = "KCHDL0015E";

    /// <summary>400: nothing proves the end of the file.</summary>
    public const string EndUnproven = "KCHDL0016E";

    /// <summary>503: libvirt cannot be reached.</summary>
    public const string LibvirtUnreachable = "KCHLIB0001E";

    /// <summary>503: another client of libvirt has the pool or the volume in use.</summary>
    public const string LibvirtBusy = "KCHLIB0002E";

    /// <summary>500: anything unforeseen.</summary>
    public const string Unforeseen = "KCHSYS0001E";
}
