namespace CurlSharp;

/// <summary>Takes what a transfer brings, on the thread that drives it. What it throws, <see cref="CurlTransfer.Perform"/> throws.</summary>
public interface ICurlReceiver
{
    /// <summary>Bytes of the file, in their order, at most 16 KiB. They are gone when this returns.</summary>
    void OnData(ReadOnlySpan<byte> data);

    /// <summary>
    /// A connection is being closed; no more bytes come over it. After the data connection libcurl may wait long, inside of
    /// <see cref="CurlTransfer.Perform"/>, for the server's last reply.
    /// </summary>
    void OnClosing();

    /// <summary>A line is sent to the server, its end included. It may hold the password.</summary>
    void OnCommand(ReadOnlySpan<byte> line);

    /// <summary>A line came from the server, its end included.</summary>
    void OnReply(ReadOnlySpan<byte> line);
}
