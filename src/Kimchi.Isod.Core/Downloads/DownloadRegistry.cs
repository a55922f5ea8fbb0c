using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Space;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>The live downloads, and the names that starts in progress have taken. A name is held by one of them at most.</summary>
public sealed class DownloadRegistry(IDownloadListener listener) : ISpaceClaims
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Pool, string Name), Download> _downloads = [];
    private readonly Dictionary<(string Pool, string Name), NameReservation> _reservations = [];

    /// <summary>Finds the live download of that name.</summary>
    public Download? Find(string pool, string name)
    {
        lock (_gate) return _downloads.GetValueOrDefault((pool, name));
    }

    /// <summary>All live downloads.</summary>
    public IReadOnlyList<Download> All()
    {
        lock (_gate) return [.. _downloads.Values];
    }

    /// <summary>Whether a download or a start has a name.</summary>
    public bool IsTaken(string pool, string name)
    {
        lock (_gate) return _downloads.ContainsKey((pool, name)) || _reservations.ContainsKey((pool, name));
    }

    /// <summary>Takes a name for a start, until the reservation is disposed.</summary>
    public bool TryReserve(string pool, string name, [NotNullWhen(true)] out NameReservation? reservation)
    {
        reservation = null;
        lock (_gate)
        {
            if (_downloads.ContainsKey((pool, name)) || _reservations.ContainsKey((pool, name))) return false;
            reservation = _reservations[(pool, name)] = new NameReservation(this, pool, name);
            return true;
        }
    }

    /// <summary>Takes a name over from a start that ends, with no moment between at which it is free.</summary>
    internal NameReservation TakeOver(NameReservation reservation)
    {
        lock (_gate)
            return _reservations[(reservation.Pool, reservation.Name)] = new NameReservation(this, reservation.Pool, reservation.Name);
    }

    /// <inheritdoc/>
    public long OutstandingBytes(string pool)
    {
        lock (_gate)
        {
            return _downloads.Values.Where(d => d.Record.Pool == pool).Sum(d => d.OutstandingBytes)
                + _reservations.Values.Where(r => r.Pool == pool).Sum(r => r.PromisedBytes);
        }
    }

    /// <summary>Adds a download of an earlier run of the daemon.</summary>
    internal void Add(Download download)
    {
        lock (_gate) _downloads.Add((download.Record.Pool, download.Record.Name), download);
        Announce(download);
    }

    /// <summary>Turns a reservation into a download, with no moment between at which neither holds the name.</summary>
    internal void Replace(NameReservation reservation, Download download)
    {
        lock (_gate)
        {
            _reservations.Remove((reservation.Pool, reservation.Name));
            _downloads.Add((reservation.Pool, reservation.Name), download);
        }

        Announce(download);
    }

    /// <summary>Lets a download's name go. Harmless when that was done before, also when another download has the name now.</summary>
    internal void Remove(Download download)
    {
        lock (_gate)
        {
            var key = (download.Record.Pool, download.Record.Name);
            if (_downloads.GetValueOrDefault(key) == download) _downloads.Remove(key);
        }
    }

    /// <summary>Lets a start's name go, unless a download has it now.</summary>
    internal void Release(NameReservation reservation)
    {
        lock (_gate)
        {
            var key = (reservation.Pool, reservation.Name);
            if (_reservations.GetValueOrDefault(key) == reservation) _reservations.Remove(key);
        }
    }

    private void Announce(Download download)
    {
        download.Changed += (_, _) => Tell(download);
        Tell(download);
    }

    // That it was forgotten is told by itself.
    private void Tell(Download download)
    {
        if (!download.IsForgotten) listener.Changed(download);
    }
}
