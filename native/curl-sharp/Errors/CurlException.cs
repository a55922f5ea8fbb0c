namespace CurlSharp.Errors;

/// <summary>A call of libcurl was refused: an option that it does not know, no memory. How a transfer ended is no exception.</summary>
public sealed class CurlException : Exception
{
    internal CurlException(CurlCode code, string message)
        : base(message) => Code = code;

    /// <summary>What libcurl returned.</summary>
    public CurlCode Code { get; }
}
