namespace Kimchi.Isod.Sources.Http;

/// <summary>Reads the short page that comes with a refusal, so that the connection can be used for the next request: several places are asked for a list
/// of checksums, and most of them are not there.</summary>
internal static class SparedConnection
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads the body of a refusal; of a longer one nothing, which ends the connection.</summary>
    public static async Task ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode || response.Content.Headers.ContentLength is > MostBytes) return;
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // Too long, or broken off: what it says is of no interest, and the refusal is told in any case.
        }
    }
}
