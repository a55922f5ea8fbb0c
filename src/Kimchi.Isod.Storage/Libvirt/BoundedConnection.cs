using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Storage.Libvirt.Calls;
using LibvirtSharp;
using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>A connection on which no call takes for ever: one that does is given up, with the connection. One thread at a time.</summary>
internal sealed class BoundedConnection : IDisposable
{
    private const int WorkFactor = 20;

    private readonly CallWatch _watch;
    private readonly TimeSpan _askBound;

    private BoundedConnection(LibvirtConnection connection, TimeSpan askBound)
    {
        (Connection, _askBound) = (connection, askBound);
        _watch = new CallWatch(connection.Abort, TimeProvider.System);
    }

    /// <summary>The connection itself.</summary>
    public LibvirtConnection Connection { get; }

    /// <summary>Whether it is of use still, as far as that is known without asking.</summary>
    public bool IsAlive => Connection.IsAlive;

    /// <summary>Whether a call is in progress that may take its time. Any thread may ask.</summary>
    public bool IsWorking => _watch.Bound > _askBound;

    /// <summary>Opens one, with the keepalive of the configuration. Blocks, but not longer than <see cref="LibvirtOptions.CallTimeout"/>.</summary>
    /// <exception cref="LibvirtSilentException">Nobody answered in time.</exception>
    /// <exception cref="LibvirtException">It could not be opened.</exception>
    public static BoundedConnection Open(LibvirtOptions options)
    {
        LibvirtEventLoop.Start();
        var opened = new BoundedConnection(ConnectionOpener.Open(options.Uri, options.CallTimeout), options.CallTimeout);
        try
        {
            if (options.KeepaliveInterval > 0)
                opened.Ask(() => opened.Connection.SetKeepAlive(options.KeepaliveInterval, (uint)options.KeepaliveCount));
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Makes calls that only ask for something: in <see cref="LibvirtOptions.CallTimeout"/> in all.</summary>
    /// <exception cref="LibvirtSilentException">It took longer.</exception>
    public T Ask<T>(Func<T> call) => Run(_askBound, call);

    /// <summary>
    /// Makes calls that make, allocate, resize or delete, look through a pool or wait for data: they may take twenty times as long.
    /// </summary>
    /// <exception cref="LibvirtSilentException">It took longer.</exception>
    public T Work<T>(Func<T> call) => Run(_askBound * WorkFactor, call);

    /// <inheritdoc cref="Work{T}"/>
    public void Work(Action call) => Work(() =>
    {
        call();
        return true;
    });

    /// <summary>As <see cref="Work{T}"/>, for a call that is made too often for a delegate.</summary>
    /// <returns>To be disposed of after the call; what that throws, <see cref="Translate"/> translates.</returns>
    public CallWatch.Scope BeginWork() => _watch.Begin(_askBound * WorkFactor);

    /// <summary>The failure that stands for an error: that of a connection that was given up is that libvirt was silent.</summary>
    public DownloadException Translate(LibvirtException failure) => _watch.Exceeded is { } bound
        ? LibvirtFailures.Translate(new LibvirtSilentException(bound, failure))
        : LibvirtFailures.Translate(failure);

    /// <summary>Closes it, which tells libvirt, where that listens.</summary>
    public void Dispose()
    {
        using (_watch.Begin(_askBound)) Connection.Dispose();
        _watch.Dispose();
    }

    private T Run<T>(TimeSpan bound, Func<T> call)
    {
        try
        {
            using var scope = _watch.Begin(bound);
            return call();
        }
        catch (LibvirtException e) when (_watch.Exceeded is { } exceeded)
        {
            throw new LibvirtSilentException(exceeded, e);
        }
    }
}
