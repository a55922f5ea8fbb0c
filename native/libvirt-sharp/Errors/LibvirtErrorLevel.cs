namespace LibvirtSharp.Errors;

/// <summary>How grave an error is: libvirt's <c>virErrorLevel</c>.</summary>
public enum LibvirtErrorLevel
{
    /// <summary>No error (<c>VIR_ERR_NONE</c>).</summary>
    None = 0,

    /// <summary>A warning (<c>VIR_ERR_WARNING</c>).</summary>
    Warning = 1,

    /// <summary>An error (<c>VIR_ERR_ERROR</c>).</summary>
    Error = 2,
}
