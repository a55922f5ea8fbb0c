using System.Runtime.InteropServices;
using CurlSharp.Errors;
using CurlSharp.Handles;
using CurlSharp.Interop;

namespace CurlSharp;

/// <summary>
/// One file read over FTP or FTPS, driven by one thread: <see cref="Perform"/> and <see cref="Wait"/> in turn until the first gives
/// false. Only <see cref="Abort"/> may be called by others.
/// </summary>
/// <remarks>
/// On libcurl's multi interface (https://curl.se/libcurl/c/libcurl-multi.html), one handle for each transfer: nothing in it blocks
/// that <see cref="Abort"/> does not end.
/// </remarks>
public sealed class CurlTransfer : IDisposable
{
    private readonly EasyHandle _easy;
    private readonly MultiHandle _multi;
    private readonly TransferCallbacks _callbacks;
    private volatile bool _isAborted;

    /// <summary>Prepares a transfer; nothing is sent yet.</summary>
    /// <exception cref="CurlNotInstalledException">libcurl is missing.</exception>
    /// <exception cref="CurlException">libcurl does not take an option.</exception>
    public CurlTransfer(CurlTransferOptions options, ICurlReceiver receiver)
    {
        CurlLibrary.EnsureReady();
        _callbacks = new TransferCallbacks(receiver);
        _easy = Check.Made(NativeMethods.curl_easy_init());
        _multi = Check.Made(NativeMethods.curl_multi_init());
        try
        {
            _easy.Prepare(_callbacks);
            TransferCallbacks.Register(_easy);
            TransferSetup.Apply(options, _easy);
            _multi.Add(_easy);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How it ended, once it has.</summary>
    public CurlCode? Result { get; private set; }

    /// <summary>libcurl's own words for what went wrong. They may quote what the server said.</summary>
    public string ErrorText => _easy.ErrorText;

    /// <summary>The TLS library's verdict on the server's certificate: 0 for good, else with OpenSSL an <c>X509_V_ERR_…</c>
    /// (<c>openssl-verification-options</c>(1)).</summary>
    public int CertificateVerdict => Ask(CurlInfo.SslVerifyResult);

    /// <summary>The errno of the last connection that failed; 0 for none.</summary>
    public int SystemError => Ask(CurlInfo.SystemError);

    /// <summary>Does all that can be done without waiting; calls the receiver.</summary>
    /// <returns>Whether it goes on; when not, <see cref="Result"/> tells how it ended.</returns>
    /// <exception cref="CurlException">libcurl cannot go on.</exception>
    public bool Perform()
    {
        if (_isAborted)
            Result = CurlCode.AbortedByCallback;
        if (Result is not null)
            return false;
        Check.MultiOk(NativeMethods.curl_multi_perform(_multi, out _));
        _callbacks.ThrowIfFailed();
        Result = _isAborted ? CurlCode.AbortedByCallback : FindResult();
        return Result is null;
    }

    /// <summary>Waits until there is something to do for <see cref="Perform"/>, or <see cref="Abort"/> was called.</summary>
    /// <param name="longest">The longest wait; libcurl's own timeouts end it earlier.</param>
    /// <remarks>
    /// While a data connection waits for its TLS, which servers begin after <c>RETR</c> only, libcurl up to 8.16 watches that connection
    /// and misses the replies to the commands before (<c>ftp_domore_getsock</c> in 7.88); its own loop finds them a second later.
    /// So the control connection is watched here.
    /// </remarks>
    public unsafe void Wait(TimeSpan longest)
    {
        var control = new CurlWaitFd { Socket = _callbacks.Sockets.AwaitingReply, Events = CurlWaitFd.Readable };
        var count = control.Socket < 0 ? 0u : 1u;
        Check.MultiOk(NativeMethods.curl_multi_poll(_multi, &control, count, (int)longest.TotalMilliseconds, null));
    }

    /// <summary>
    /// Ends it at once, also while libcurl waits for a reply: the connections are shut down, and no more are made. Any thread, any
    /// number of times, until it is disposed of.
    /// </summary>
    public void Abort()
    {
        _isAborted = true;
        _callbacks.Sockets.ShutDown();
        Check.MultiOk(NativeMethods.curl_multi_wakeup(_multi));
    }

    /// <summary>Closes the connections without a word to the server, whose answer to it could take long.</summary>
    public void Dispose()
    {
        _callbacks.Sockets.ShutDown();
        _multi.Dispose();
        _easy.Dispose();
    }

    private int Ask(CurlInfo info)
    {
        Check.Ok(NativeMethods.curl_easy_getinfo(_easy, info, out var value));
        return (int)value.Value;
    }

    private unsafe CurlCode? FindResult()
    {
        var message = NativeMethods.curl_multi_info_read(_multi, out _);
        return message is null || message->Kind != CurlMessage.Done ? null : message->Result.Code;
    }
}
