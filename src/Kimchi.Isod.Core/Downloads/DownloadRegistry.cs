using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Space;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>The live downloads, and the names that starts in progress have taken. A name is held by one of them at most.</summary>
public sealed class DownloadRegistry(IDownloadListener listener) : ISpaceClaims
{
    private readonly Lock _gate = new();
    private readonly Dictionary<VolumeId, Download> _downloads = [];
    private readonly Dictionary<VolumeId, NameReservation> _reservations = [];

    /// <summary>Finds the live download of that name.</summary>
    public Download? Find(VolumeId volume)
    {
        lock (_gate) return _downloads.GetValueOrDefault(volume);
    }

    /// <summary>Finds the start that has taken a name.</summary>
    internal NameReservation? FindStart(VolumeId volume)
    {
        lock (_gate) return _reservations.GetValueOrDefault(volume);
    }

    /// <summary>All live downloads.</summary>
    public IReadOnlyList<Download> All()
    {
        lock (_gate) return [.. _downloads.Values];
    }

    /// <summary>Whether a download or a start has a name.</summary>
    public bool IsTaken(VolumeId volume)
    {
        lock (_gate) return _downloads.ContainsKey(volume) || _reservations.ContainsKey(volume);
    }

    /// <summary>Takes a name for a start, until the reservation is disposed.</summary>
    public bool TryReserve(VolumeId volume, [NotNullWhen(true)] out NameReservation? reservation)
    {
        reservation = null;
        lock (_gate)
        {
            if (_downloads.ContainsKey(volume) || _reservations.ContainsKey(volume)) return false;
            reservation = _reservations[volume] = new NameReservation(this, volume);
            return true;
        }
    }

    /// <summary>Takes a name over from a start that ends, with no moment between at which it is free.</summary>
    internal NameReservation TakeOver(NameReservation reservation)
    {
        lock (_gate)
            return _reservations[reservation.Volume] = new NameReservation(this, reservation.Volume);
    }

    /// <inheritdoc/>
    public long OutstandingBytes(string pool)
    {
        lock (_gate)
        {
            return _downloads.Values.Where(d => d.Record.Volume.Pool == pool).Sum(d => d.OutstandingBytes)
                + _reservations.Values.Where(r => r.Volume.Pool == pool).Sum(r => r.PromisedBytes);
        }
    }

    /// <summary>Adds a download of an earlier run of the daemon.</summary>
    internal void Add(Download download)
    {
        lock (_gate) _downloads.Add(download.Record.Volume, download);
        Announce(download);
    }

    /// <summary>Turns a reservation into a download, with no moment between at which neither holds the name.</summary>
    internal void Replace(NameReservation reservation, Download download)
    {
        lock (_gate)
        {
            _reservations.Remove(reservation.Volume);
            _downloads.Add(reservation.Volume, download);
        }

        Announce(download);
    }

    /// <summary>Lets a download's name go. Harmless when that was done before, also when another download has the name now.</summary>
    internal void Remove(Download download)
    {
        lock (_gate)
        {
            var key = download.Record.Volume;
            if (_downloads.GetValueOrDefault(key) == download) _downloads.Remove(key);
        }
    }

    /// <summary>Lets a start's name go, unless a download has it now.</summary>
    internal void Release(NameReservation reservation)
    {
        lock (_gate)
        {
            var key = reservation.Volume;
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
