using LibvirtSharp.Errors;
using LibvirtSharp.Events;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Connections;

/// <summary>A connection on its way, which can be given up.</summary>
/// <param name="uri">Where it goes.</param>
internal sealed class Opening(string uri)
{
    private static readonly Dictionary<string, int> DefaultPorts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tls"] = 16514,
        ["tcp"] = 16509,
        ["libssh2"] = 22,
        ["libssh"] = 22,
    };

    /// <summary>Its sockets.</summary>
    public WatchedSockets Sockets { get; } = new();

    /// <summary>Opens it with one of libvirt's functions.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public ConnectHandle Run(Func<string, ConnectHandle> open, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ConnectHandle handle;
        NativeError? error;
        // Once the registration is disposed of, nobody is in Abort any more.
        using (cancellationToken.UnsafeRegister(static opening => ((Opening)opening!).Abort(), this))
        {
            handle = Sockets.Collect(() => open(uri));
            error = handle.IsInvalid ? NativeError.Last() : null;
        }

        if (!Sockets.IsAborted)
            return error is null ? handle : throw ErrorTable.OpenException(error);
        handle.Dispose();
        throw new OperationCanceledException($"The connection to {uri} was given up before the server answered.", cancellationToken);
    }

    private void Abort()
    {
        Sockets.Abort();
        if (FindPort() is { } port)
            SilentSockets.ShutDown(port, LibvirtEventLoop.Watches);
    }

    // The TCP port of a transport that is slow to show its socket to the event loop: libvirt.org/uri.html. TLS is what a URI with a host
    // and no transport gets.
    private int? FindPort()
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
            return null;
        var plus = parsed.Scheme.IndexOf('+', StringComparison.Ordinal);
        var transport = plus < 0 ? "tls" : parsed.Scheme[(plus + 1)..];
        if (!DefaultPorts.TryGetValue(transport, out var usual))
            return null;
        return parsed.Port > 0 ? parsed.Port : usual;
    }
}
