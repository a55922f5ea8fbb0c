using System.Net;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Sources;
using Kimchi.Isod.Storage.Libvirt;
using Kimchi.Isod.Storage.State;

namespace Kimchi.Isod.Configuration;

/// <summary>The whole configuration, validated. Each section's record states its defaults; <paramref name="Given"/> has every key with the
/// text that it was given, or null.</summary>
internal sealed record Settings(
    ServerOptions Server,
    LibvirtOptions Libvirt,
    PoolOptions Pools,
    StateOptions State,
    DownloadOptions Downloads,
    NetworkOptions Network,
    TrustOptions Trust,
    LogOptions Log,
    IReadOnlyDictionary<string, string?> Given)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Reads every key.</summary>
    /// <exception cref="ConfigurationException">A value is bad or a key unknown: all of them are named.</exception>
    public static Settings Read(IReadOnlyList<SettingsLayer> layers)
    {
        var reader = new SettingsReader(layers);
        var pools = ReadPools(reader, new PoolOptions());
        var settings = new Settings(
            ReadServer(reader, new ServerOptions()),
            ReadLibvirt(reader, new LibvirtOptions()),
            pools,
            ReadState(reader, new StateOptions()),
            ReadDownloads(reader, new DownloadOptions()),
            ReadNetwork(reader, new NetworkOptions()),
            ReadTrust(reader, new TrustOptions(), pools),
            ReadLog(reader, new LogOptions()),
            reader.Given);
        reader.ThrowIfFaulty();
        return settings;
    }

    private static ServerOptions ReadServer(SettingsReader r, ServerOptions d) => new()
    {
        Socket = r.Read("server:socket", d.Socket, "an absolute path of at most 107 bytes", ParseSocketPath),
        SocketMode = r.ReadValue("server:socket_mode", d.SocketMode, "an octal mode from 0 to 0777, such as 0660", ParseMode),
        SocketGroup = r.OptionalText("server:socket_group"),
        MaxConnections = r.Number("server:max_connections", d.MaxConnections, 1, 100_000),
        MaxConnectionRequests = r.Number("server:max_connection_requests", d.MaxConnectionRequests, 1, 1_000_000_000),
        MaxHeaderSize = (int)r.Size("server:max_header_size", d.MaxHeaderSize, 1024, 1 << 20),
        HeaderTimeout = r.Duration("server:header_timeout", d.HeaderTimeout, Second, TimeSpan.FromHours(1)),
        IdleTimeout = r.Duration("server:idle_timeout", d.IdleTimeout, Second, Day),
        MinDataRate = r.Number("server:min_data_rate", d.MinDataRate, 0, 1_000_000),
        MaxEventStreams = r.Number("server:max_event_streams", d.MaxEventStreams, 0, 10_000),
        EventHeartbeat = r.Duration("server:event_heartbeat", d.EventHeartbeat, Second, TimeSpan.FromHours(1)),
        EventPatience = r.Duration("server:event_patience", d.EventPatience, Second, TimeSpan.FromHours(1)),
    };

    private static LibvirtOptions ReadLibvirt(SettingsReader r, LibvirtOptions d) => new()
    {
        Uri = r.Text("libvirt:uri", d.Uri),
        KeepaliveInterval = r.Number("libvirt:keepalive_interval", d.KeepaliveInterval, 0, 3600),
        KeepaliveCount = r.Number("libvirt:keepalive_count", d.KeepaliveCount, 1, 1000),
        CallTimeout = r.Duration("libvirt:call_timeout", d.CallTimeout, Second, TimeSpan.FromHours(1)),
    };

    private static PoolOptions ReadPools(SettingsReader r, PoolOptions d) => new()
    {
        Allowed = r.List("pools:allowed", d.Allowed),
        CreateMissing = r.Flag("pools:create_missing", d.CreateMissing),
        IsoPath = r.Read("pools:iso_path", d.IsoPath, "an absolute path", ParseAbsolutePath),
        Allocate = r.Choice("downloads:allocate", d.Allocate),
    };

    private static StateOptions ReadState(SettingsReader r, StateOptions d) => new()
    {
        Directory = r.Read("state:directory", d.Directory, "an absolute path", ParseAbsolutePath),
        HistoryDays = r.Number("state:history_days", d.HistoryDays, 0, 36_500),
    };

    private static DownloadOptions ReadDownloads(SettingsReader r, DownloadOptions d) => new()
    {
        MaxActive = r.Number("downloads:max_active", d.MaxActive, 1, 1000),
        MaxWaiting = r.Number("downloads:max_waiting", d.MaxWaiting, 0, 100_000),
        WindowSize = r.Size("downloads:window_size", d.WindowSize, 1L << 20, 1L << 34),
        PacketSize = (int)r.Size("downloads:packet_size", d.PacketSize, 4096, 1 << 25),
        CheckpointInterval = r.Duration("downloads:checkpoint_interval", d.CheckpointInterval, Second, TimeSpan.FromHours(1)),
        Connections = r.Number("downloads:connections", d.Connections, 1, DownloadOptions.MostConnections),
        BufferMemory = r.Size("downloads:buffer_memory", d.BufferMemory, 0, 1L << 34),
        ConnectionsPerHost = r.Number("network:connections_per_host", d.ConnectionsPerHost, 1, 64),
        Accept = r.Choice("downloads:accept", d.Accept),
        Verify = r.Choice("downloads:verify", d.Verify),
        UnprovenEnd = r.Choice("downloads:unproven_end", d.UnprovenEnd),
        MaxChecksumFile = (int)r.Size("downloads:max_checksum_file", d.MaxChecksumFile, 1024, 1 << 26),
        ChecksumTimeout = r.Duration("downloads:checksum_timeout", d.ChecksumTimeout, Second, Day),
        MinFree = r.Size("downloads:min_free", d.MinFree, 0, long.MaxValue),
        LimitRate = r.Size("downloads:limit_rate", d.LimitRate, 0, long.MaxValue),
        Retries = r.Number("downloads:retries", d.Retries, 0, 1000),
        RetryMaxDelay = r.Duration("downloads:retry_max_delay", d.RetryMaxDelay, Second, Day),
    };

    private static NetworkOptions ReadNetwork(SettingsReader r, NetworkOptions d) => new()
    {
        ConnectTimeout = r.Duration("downloads:connect_timeout", d.ConnectTimeout, Second, TimeSpan.FromHours(1)),
        StallTimeout = r.Duration("downloads:stall_timeout", d.StallTimeout, Second, Day),
        StallRate = r.Size("downloads:stall_rate", d.StallRate, 0, 1L << 30),
        Proxy = r.ReadSecret("network:proxy", d.Proxy, "a URL such as http://proxy:3128", ProxyAddress.Parse),
        NoProxy = r.List("network:no_proxy", d.NoProxy),
        Netrc = r.OptionalText("network:netrc"),
        CaFile = r.OptionalText("network:ca_file"),
        ClientCertificates = r.Read("network:client_certificates", d.ClientCertificates, "an absolute path", ParseAbsolutePath),
        InsecureTls = r.Flag("network:insecure_tls", d.InsecureTls),
        FtpTls = r.Choice("network:ftp_tls", d.FtpTls),
        AllowDowngrade = r.Flag("network:allow_downgrade", d.AllowDowngrade),
        DenyNetworks = r.Read("network:deny_networks", d.DenyNetworks, "networks such as 10.0.0.0/8, fd00::/8", ParseNetworks),
        UserAgent = r.Read("network:user_agent", d.UserAgent, "1 to 200 printable characters of ASCII", ParseUserAgent),
        MaxRedirects = r.Number("network:max_redirects", d.MaxRedirects, 0, 100),
    };

    // A name that no pool has would protect none.
    private static TrustOptions ReadTrust(SettingsReader r, TrustOptions d, PoolOptions pools) => new()
    {
        Keyrings = r.Read("trust:keyrings", d.Keyrings, "an absolute path", ParseAbsolutePath),
        RequireSignature = r.Read("trust:require_signature", d.RequireSignature, "all, or pools of pools:allowed separated by commas", text =>
            text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is var names
            && names.All(name => name == TrustOptions.AllPools || pools.Allowed.Contains(name)) ? names : null),
    };

    private static LogOptions ReadLog(SettingsReader r, LogOptions d) => new()
    {
        Level = r.Choice("log:level", d.Level),
        Format = r.Choice("log:format", d.Format),
    };

    private static string? ParseAbsolutePath(string text) => Path.IsPathRooted(text) && !text.Contains('\0') ? text : null;

    // sun_path of sockaddr_un has 108 bytes with its final zero: unix(7).
    private static string? ParseSocketPath(string text) =>
        System.Text.Encoding.UTF8.GetByteCount(text) <= 107 ? ParseAbsolutePath(text) : null;

    private static UnixFileMode? ParseMode(string text) =>
        text.Length is > 0 and <= 4 && text.All(c => c is >= '0' and <= '7')
        && Convert.ToInt32(text, 8) is var mode && mode <= Convert.ToInt32("777", 8) ? (UnixFileMode)mode : null;

    // What a header can have: RFC 9110, section 5.5.
    private static string? ParseUserAgent(string text) => text.Length is > 0 and <= 200 && text.All(c => c is >= ' ' and <= '~') ? text : null;

    private static IReadOnlyList<IPNetwork>? ParseNetworks(string text)
    {
        List<IPNetwork> networks = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPNetwork.TryParse(part, out var network)) return null;
            networks.Add(network);
        }

        return networks;
    }
}
