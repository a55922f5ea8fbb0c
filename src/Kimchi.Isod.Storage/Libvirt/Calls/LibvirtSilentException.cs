namespace Kimchi.Isod.Storage.Libvirt.Calls;

/// <summary>libvirt did not answer in time, and was given up.</summary>
public sealed class LibvirtSilentException : Exception
{
    /// <summary>For a call that took longer than it may.</summary>
    public LibvirtSilentException(TimeSpan bound, Exception? inner = null)
        : base($"no answer within {bound.TotalSeconds:0.###} s", inner)
    {
    }
}
