using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>A file that a start has reached.</summary>
/// <param name="Remote">How its server was asked for it.</param>
/// <param name="Info">What its server says of it.</param>
/// <param name="Checksum">What it must hash to, or null.</param>
/// <param name="Wish">What the user asked for.</param>
internal sealed record FoundFile(RemoteRequest Remote, RemoteFileInfo Info, Checksum? Checksum, StartRequest Wish);

/// <summary>Accepts a download under a name: the record is on disk first, then its volume is made.</summary>
/// <remarks>So a crash between the two leaves no volume that nobody knows of: <see cref="StartCleanup"/>.</remarks>
internal sealed class DownloadAcceptance(DownloadRegistry registry, DownloadServices services)
{
    private readonly StartCleanup _cleanup = new(services);

    /// <summary>Takes the space, and puts the download on disk.</summary>
    /// <exception cref="DownloadException">Why it cannot be; then nothing is left of it, or it is dropped as soon as that can be.</exception>
    public async Task<Download> AcceptAsync(NameReservation reservation, FoundFile file, CancellationToken cancellationToken)
    {
        var record = services.Store.Add(Describe(reservation, file));
        var made = await CreateVolumeAsync(reservation, record, cancellationToken);
        record = record with
        {
            State = file.Wish.StartPaused ? DownloadState.Paused : DownloadState.Queued,
            Allocation = made.Allocation,
            FileIdentity = made.File?.Identity,
            BirthCapacity = null,
        };
        await StoreAcceptedAsync(reservation, record);
        var download = new Download(record, services.Store, services.Time);
        registry.Replace(reservation, download);
        services.Logger.Accepted(record.Pool, record.Name, record.Url.ToString(), record.Size);
        if (made.File is null) services.Logger.NotDurable(record.Pool, record.Name);
        return download;
    }

    private DownloadRecord Describe(NameReservation reservation, FoundFile file) => new()
    {
        Pool = reservation.Pool,
        Name = reservation.Name,
        Url = file.Remote.Url,
        Credentials = file.Remote.Credentials,
        State = DownloadState.Preparing,
        Token = services.NewToken(id: 0),
        BirthCapacity = VolumeMaker.ChooseBirthCapacity(file.Info.Size),
        Version = file.Info.Version,
        IsResumable = file.Info is { IsResumable: true, Size: not null },
        Checksum = file.Checksum,
        LimitRate = file.Wish.LimitRate,
        CreatedAt = services.Time.GetUtcNow(),
    };

    private async Task<MadeVolume> CreateVolumeAsync(
        NameReservation reservation, DownloadRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Space.CreateVolumeAsync(reservation, record, cancellationToken);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.LibvirtUnreachable)
        {
            // libvirt may have made the volume and not been able to say so.
            DropLater(reservation, record);
            throw;
        }
        catch
        {
            await TakeBackAsync(reservation, record);
            throw;
        }
    }

    private async Task StoreAcceptedAsync(NameReservation reservation, DownloadRecord record)
    {
        try
        {
            services.Store.Update(record);
        }
        catch
        {
            await TakeBackAsync(reservation, record);
            throw;
        }
    }

    private async Task TakeBackAsync(NameReservation reservation, DownloadRecord record)
    {
        try
        {
            await DownloadVolume.DeleteAsync(record, services);
            services.Store.Remove(record.Id);
        }
        catch (DownloadException)
        {
            DropLater(reservation, record);
        }
    }

    // The record outlives its volume: if the daemon ends first, its next start finds what is left.
    private void DropLater(NameReservation reservation, DownloadRecord record) =>
        _ = _cleanup.DropAsync(record, registry.TakeOver(reservation), CancellationToken.None);
}
