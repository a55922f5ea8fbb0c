namespace Kimchi.Isod.Sources.Http;

/// <summary>Disposes of a reply unless it has passed.</summary>
internal sealed class Unless(HttpReply reply) : IDisposable
{
    private HttpReply? _reply = reply;

    /// <summary>Lets it pass.</summary>
    public T Pass<T>(T result)
    {
        _reply = null;
        return result;
    }

    public void Dispose() => _reply?.Dispose();
}
