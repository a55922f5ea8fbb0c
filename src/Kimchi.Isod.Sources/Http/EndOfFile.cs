using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The rest of a file that has ended already: the server has no byte from there on (416).</summary>
internal sealed class EndOfFile(RemoteFileInfo info, long offset) : IRemoteFile
{
    public RemoteFileInfo Info => info;

    public long SourceOffset => offset;

    public EndEvidence End => EndEvidence.Told;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.FromResult(0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
