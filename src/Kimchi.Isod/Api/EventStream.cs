using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kimchi.Isod.Api;

/// <summary>The wire of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html.</summary>
internal sealed class EventStream(PipeWriter writer)
{
    private static readonly byte[] HeartbeatComment = ": \n\n"u8.ToArray();

    /// <summary>Puts an event into the buffer.</summary>
    public void Add<T>(string name, T data, JsonTypeInfo<T> type)
    {
        writer.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(data, type));
        writer.Write("\n\n"u8);
    }

    /// <summary>Puts a comment into the buffer, which shows that the daemon lives.</summary>
    public void AddHeartbeat() => writer.Write(HeartbeatComment);

    /// <summary>Sends what is in the buffer.</summary>
    public Task SendAsync(CancellationToken cancellationToken) => writer.FlushAsync(cancellationToken).AsTask();
}
