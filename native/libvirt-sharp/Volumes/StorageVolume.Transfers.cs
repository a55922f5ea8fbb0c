using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <content>Reading and writing the volume's bytes.</content>
public sealed partial class StorageVolume
{
    /// <summary>Begins to write the volume through <paramref name="stream"/> (<c>virStorageVolUpload</c>).</summary>
    /// <param name="stream">A stream of the same connection that has carried nothing yet.</param>
    /// <param name="offset">
    /// Where the first byte goes, in bytes. Not compared with the capacity: the file may become longer.
    /// </param>
    /// <param name="length">
    /// How many bytes may be sent, 0 for no limit; fewer are fine. One more is error 38 and costs queued data; libvirtd 11.3 (Debian 13) dies
    /// of it, as of every write that fails.
    /// </param>
    /// <param name="options">Whether holes may be sent.</param>
    /// <exception cref="LibvirtBusyException">
    /// libvirtd still works on the volume, as it sometimes does for another transfer.
    /// </exception>
    /// <exception cref="LibvirtNotSupportedException">The pool's type takes no uploads.</exception>
    public void Upload(
        LibvirtStream stream,
        ulong offset,
        ulong length,
        StorageVolumeTransferOptions options = StorageVolumeTransferOptions.None)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Begin(handle => Check.NotNegative(
            NativeMethods.virStorageVolUpload(Handle, handle, offset, length, (uint)options), _handle));
    }

    /// <summary>Begins to read the volume through <paramref name="stream"/> (<c>virStorageVolDownload</c>).</summary>
    /// <param name="stream">A stream of the same connection that has carried nothing yet.</param>
    /// <param name="offset">Where the first byte comes from, in bytes.</param>
    /// <param name="length">How many bytes are read at most, 0 for all to the end.</param>
    /// <param name="options">
    /// Whether holes travel as holes; <see cref="LibvirtStream.Receive"/> gives their zeros all the same.
    /// </param>
    /// <exception cref="LibvirtBusyException">The volume is being made.</exception>
    /// <exception cref="LibvirtNotSupportedException">The pool's type gives no downloads.</exception>
    public void Download(
        LibvirtStream stream,
        ulong offset,
        ulong length,
        StorageVolumeTransferOptions options = StorageVolumeTransferOptions.None)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Begin(handle => Check.NotNegative(
            NativeMethods.virStorageVolDownload(Handle, handle, offset, length, (uint)options), _handle));
    }
}
