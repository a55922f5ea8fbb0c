namespace Kimchi.Isod.Core.Errors;

/// <summary>A failure that a user can understand: its kind, and a message that names what is wrong and how to fix it.</summary>
/// <remarks>Whether a retry can help is decided where the failure is detected, never where it is caught.</remarks>
public sealed class DownloadException : Exception
{
    /// <summary>Creates a permanent failure: trying again gives the same result.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">The reason for the user, with no secret in it.</param>
    /// <param name="inner">The cause, for the log.</param>
    public DownloadException(DownloadErrorKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>Tells of a download that has failed.</summary>
    /// <param name="message">Which one.</param>
    /// <param name="failure">Why it failed.</param>
    public DownloadException(string message, DownloadFailure failure)
        : base(message) => (Kind, Failure) = (DownloadErrorKind.DownloadFailed, failure);

    /// <summary>What went wrong.</summary>
    public DownloadErrorKind Kind { get; }

    /// <summary>Why the download failed that the message names; null in all other cases.</summary>
    public DownloadFailure? Failure { get; }

    /// <summary>Whether the same attempt may succeed later (a dropped connection, a 503, a restarted libvirtd).</summary>
    public bool IsTransient { get; private init; }

    /// <summary>Whether it is the failure of a host that a redirect has led to: the next try may be led to another one.</summary>
    public bool IsOfMirror { get; private init; }

    /// <summary>Whether the server says that there is no such file.</summary>
    public bool IsAbsent { get; private init; }

    /// <summary>How long the server asked to be left alone, if it did.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether the rest of the file was asked for and what came cannot be used: another question may be answered better.</summary>
    public bool IsUnusableRest { get; private init; }

    /// <summary>Whether bytes came that are not the file's, so that their sender is not to be asked again.</summary>
    public bool IsWrongBytes { get; private init; }

    /// <summary>Creates the failure of a source that has sent other bytes than the file's. Another one may have the right ones.</summary>
    /// <param name="message">The reason for the user, with no secret in it.</param>
    public static DownloadException WrongBytes(string message) =>
        new(DownloadErrorKind.RemoteUnreadable, message) { IsTransient = true, IsUnusableRest = true, IsWrongBytes = true };

    /// <summary>Creates a failure that may pass, of a reply to a request for the rest of a file.</summary>
    /// <param name="message">The reason for the user, with no secret in it.</param>
    /// <param name="inner">The cause, for the log.</param>
    public static DownloadException UnusableRest(string message, Exception? inner = null) =>
        new(DownloadErrorKind.RemoteUnreadable, message, inner) { IsTransient = true, IsUnusableRest = true };

    /// <summary>Creates a failure that may pass.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">The reason for the user, with no secret in it.</param>
    /// <param name="inner">The cause, for the log.</param>
    /// <param name="retryAfter">The delay that the server asks for (Retry-After, RFC 9110, 10.2.3), if any.</param>
    public static DownloadException Transient(
        DownloadErrorKind kind, string message, Exception? inner = null, TimeSpan? retryAfter = null) =>
        new(kind, message, inner) { IsTransient = true, RetryAfter = retryAfter };

    /// <summary>The same failure, told of a host that a redirect has led to (<see cref="IsOfMirror"/>). It may pass in any case.</summary>
    public DownloadException OfMirror() => new(Kind, Message, InnerException) { IsTransient = true, RetryAfter = RetryAfter, IsOfMirror = true, IsAbsent = IsAbsent };

    /// <summary>The same failure, of a file that is not there (<see cref="IsAbsent"/>).</summary>
    public DownloadException Absent() => new(Kind, Message, InnerException) { IsTransient = IsTransient, RetryAfter = RetryAfter, IsOfMirror = IsOfMirror, IsAbsent = true };
}
