namespace IdnSharp;

/// <summary>A name that no host can have, with libidn2's words.</summary>
public sealed class IdnException : Exception
{
    /// <summary>Tells why.</summary>
    /// <param name="code">libidn2's code, <c>IDN2_…</c>.</param>
    /// <param name="message">libidn2's words.</param>
    public IdnException(int code, string message)
        : base(message) => Code = code;

    /// <summary>libidn2's code, <c>IDN2_…</c>.</summary>
    public int Code { get; }
}
