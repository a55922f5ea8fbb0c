using System.IO.Pipelines;

namespace Kimchi.Isod.Server;

/// <summary>Writes to a connection what it is given, or, from the moment when there is one, a reply in place of it.</summary>
internal sealed class ReplyingWriter(PipeWriter inner) : PipeWriter
{
    private byte[]? _reply;
    private bool _isReplied;

    /// <summary>What is sent in place of all that comes from now on. The connection's own writer sets it, between two of its writes.</summary>
    public byte[] Reply
    {
        set => _reply ??= value;
    }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes) => inner.Advance(_reply is null ? bytes : 0);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _reply is null ? inner.WriteAsync(source, cancellationToken) : FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_reply is null || _isReplied) return inner.FlushAsync(cancellationToken);
        _isReplied = true;
        return inner.WriteAsync(_reply, cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
}
