using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>An upload of a download's, during which a guard looks for the writes of others. Blocks.</summary>
internal sealed class GuardedUpload(IVolumeUpload upload, WriteGuard guard) : IVolumeUpload
{
    private bool _isEnded;

    public void Write(ReadOnlySpan<byte> bytes) => upload.Write(bytes);

    public void Finish()
    {
        guard.CheckWriting(); // Who closes the file in the same moment as libvirt could be taken for libvirt.
        upload.Finish();
        End();
    }

    public void Dispose()
    {
        upload.Dispose();
        if (!_isEnded) End();
    }

    private void End()
    {
        _isEnded = true;
        guard.CheckWritten();
    }
}
