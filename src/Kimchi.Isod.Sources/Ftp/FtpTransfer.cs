using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using CurlSharp;
using CurlSharp.Errors;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>How a transfer ended.</summary>
/// <param name="Code">libcurl's verdict.</param>
/// <param name="Text">libcurl's words.</param>
/// <param name="CertificateVerdict">OpenSSL's verdict on the server's certificate, 0 for good.</param>
/// <param name="SystemError">The errno of a connection that failed, 0 for none.</param>
internal sealed record FtpEnd(CurlCode Code, string Text, int CertificateVerdict, int SystemError);

/// <summary>One transfer of libcurl's on a thread of its own, its bytes in a bounded pipe.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "Its thread disposes of it, on its way out.")]
internal sealed class FtpTransfer : ICurlReceiver, IAsyncDisposable
{
    // Between a fast server and a volume that waits for its disk: four reads of libcurl's.
    private const int PipeSize = 1024 * 1024;

    // What libcurl reads at once comes in pieces of 16 KiB; the other side is not woken for each.
    private const int HandOnSize = 256 * 1024;

    // As often as libcurl's own loop (curl_easy_perform) looks whether there is something to do of which no socket told.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PipeSize,
        resumeWriterThreshold: PipeSize / 2,
        minimumSegmentSize: HandOnSize,
        useSynchronizationContext: false));

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly PatientWait _wait = new();
    private readonly CurlTransfer _transfer;
    private bool _isOver;
    private volatile bool _isStopped;
    private int _unflushed;

    private FtpTransfer(CurlTransferOptions options)
    {
        _transfer = new CurlTransfer(options, this);
        Ended = BlockingWork.RunAsync(Run);
    }

    /// <summary>What the server said. To be read once <see cref="Opened"/> or <see cref="Ended"/> is done.</summary>
    public FtpDialogue Dialogue { get; } = new();

    /// <summary>The bytes. Its end is no proof of the file's: see <see cref="Ended"/>.</summary>
    public PipeReader Reader => _pipe.Reader;

    /// <summary>Done when the server begins to send, or the transfer has ended.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Done when the thread and all connections are gone.</summary>
    public Task<FtpEnd> Ended { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="CurlNotInstalledException">libcurl is missing.</exception>
    /// <exception cref="CurlException">libcurl does not take an option.</exception>
    public static FtpTransfer Start(CurlTransferOptions options) => new(options);

    /// <summary>Ends it at once, whatever it waits for.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isStopped = true;
            if (!_isOver) _transfer.Abort();
        }

        _pipe.Writer.CancelPendingFlush();
        await Ended.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _pipe.Reader.CompleteAsync();
    }

    void ICurlReceiver.OnData(ReadOnlySpan<byte> data)
    {
        _pipe.Writer.Write(data);
        _unflushed += data.Length;
        if (_unflushed >= HandOnSize) HandOn();
    }

    void ICurlReceiver.OnClosing() => HandOn();

    void ICurlReceiver.OnCommand(ReadOnlySpan<byte> line) => Dialogue.Sent(line);

    void ICurlReceiver.OnReply(ReadOnlySpan<byte> line)
    {
        Dialogue.Received(line);
        if (Dialogue.IsSending) _opened.TrySetResult();
    }

    private FtpEnd Run()
    {
        Thread.CurrentThread.Name = "ftp";
        try
        {
            while (_transfer.Perform())
            {
                HandOn();
                if (!_isStopped) _transfer.Wait(LongestWait);
            }

            return new FtpEnd(_transfer.Result!.Value, _transfer.ErrorText, _transfer.CertificateVerdict, _transfer.SystemError);
        }
        finally
        {
            lock (_gate) _isOver = true;
            _transfer.Dispose();
            // Normally, also after a failure: an exception given here would hide the bytes that came before it.
            _pipe.Writer.Complete();
            _opened.TrySetResult();
        }
    }

    // Waits while the pipe is full and nobody stops it; libcurl is not called meanwhile, so the server is held back by TCP.
    private void HandOn()
    {
        if (_unflushed == 0 || _isStopped) return;
        _unflushed = 0;
        var flush = _pipe.Writer.FlushAsync();
        if (!flush.IsCompleted) _wait.For(flush.AsTask(), Timeout.InfiniteTimeSpan);
    }
}
