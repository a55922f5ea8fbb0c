using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>A download's record as a row of the table <c>downloads</c>.</summary>
internal static class DownloadRow
{
    /// <summary>The columns in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "id, pool, name, state, url, user_name, password, etag, last_modified, size, is_resumable, allocation, position, " +
        "is_suspect, attempts, restarts, failure_kind, failure, created_at, started_at, finished_at, checksum, limit_rate, " +
        "token, birth_capacity, file_identity, is_publishing, is_date_strong, range_refusals, doubt, warning, file_name, " +
        "file_stamp, mirrors, connections, outcomes, url_connections, checksum_list, image_signature, proof, requested_url, headers, checksum_source";

    /// <summary>The query for every download that is not completed or cancelled, oldest first.</summary>
    public const string SelectLive =
        $"SELECT {Columns} FROM downloads WHERE state NOT IN ('Completed', 'Canceled') ORDER BY id";

    /// <summary>The statement that adds a record.</summary>
    public const string Insert =
        "INSERT INTO downloads (pool, name, state, url, user_name, password, etag, last_modified, size, is_resumable, allocation, " +
        "position, is_suspect, attempts, restarts, failure_kind, failure, created_at, started_at, finished_at, checksum, limit_rate, " +
        "token, birth_capacity, file_identity, is_publishing, is_date_strong, range_refusals, doubt, warning, file_name, " +
        "file_stamp, mirrors, connections, outcomes, url_connections, checksum_list, image_signature, proof, requested_url, headers, " +
        "checksum_source) VALUES ($pool, $name, " +
        "$state, $url, $user, $password, $etag, $modified, $size, $resumable, $allocation, $position, $suspect, $attempts, " +
        "$restarts, $failure_kind, $failure, $created, $started, $finished, $checksum, $limit, $token, $birth, $file, $publishing, " +
        "$date_strong, $refusals, $doubt, $warning, $file_name, $stamp, $mirrors, $connections, $outcomes, " +
        "$url_connections, $checksum_list, $image_signature, $proof, $requested, $headers, $checksum_source) RETURNING id";

    /// <summary>The statement that changes all of a record that can change.</summary>
    public const string Update =
        "UPDATE downloads SET state = $state, url = $url, user_name = $user, password = $password, etag = $etag, " +
        "last_modified = $modified, size = $size, is_resumable = $resumable, allocation = $allocation, position = $position, " +
        "is_suspect = $suspect, attempts = $attempts, restarts = $restarts, failure_kind = $failure_kind, failure = $failure, " +
        "started_at = $started, finished_at = $finished, checksum = $checksum, limit_rate = $limit, " +
        "token = $token, birth_capacity = $birth, file_identity = $file, is_publishing = $publishing, " +
        "is_date_strong = $date_strong, range_refusals = $refusals, doubt = $doubt, warning = $warning, file_name = $file_name, " +
        "file_stamp = $stamp, mirrors = $mirrors, connections = $connections, outcomes = $outcomes, url_connections = $url_connections, " +
        "checksum_list = $checksum_list, image_signature = $image_signature, proof = $proof, requested_url = $requested, headers = $headers, " +
        "checksum_source = $checksum_source WHERE id = $id";

    /// <summary>The values of a record. One that has ended keeps no secret.</summary>
    public static (string Name, object? Value)[] Parameters(DownloadRecord r)
    {
        var isLive = r.State.IsLive();
        return
        [
            ("$id", r.Id), ("$pool", r.Volume.Pool), ("$name", r.Volume.Name), ("$state", r.State.ToString()),
            ("$url", isLive ? r.Url.Uri.AbsoluteUri : r.Url.ToString()),
            ("$user", isLive ? r.Credentials?.UserName : null), ("$password", isLive ? r.Credentials?.Password : null),
            ("$etag", r.Version.ETag), ("$modified", r.Version.LastModified?.ToUnixTimeSeconds()), ("$size", r.SourceSize),
            ("$resumable", r.IsResumable), ("$allocation", r.Allocation.ToString()), ("$position", r.ImagePosition),
            ("$suspect", r.IsSuspect), ("$attempts", r.Attempts), ("$restarts", r.Restarts),
            ("$failure_kind", r.Failure?.Kind.ToString()), ("$failure", r.Failure?.Reason),
            ("$created", r.CreatedAt.ToUnixTimeMilliseconds()), ("$started", r.StartedAt?.ToUnixTimeMilliseconds()),
            ("$finished", r.FinishedAt?.ToUnixTimeMilliseconds()), ("$checksum", r.Checksum?.ToString()), ("$limit", r.LimitRate),
            ("$token", r.Token is { } token ? $"{token.Nonce:N} {token.Host} {token.Store:N}" : null), ("$birth", r.BirthCapacity),
            ("$file", r.FileIdentity), ("$stamp", r.FileStamp), ("$publishing", r.IsPublishing),
            ("$date_strong", r.Version.IsDateStrong), ("$refusals", r.RangeRefusals), ("$doubt", r.Doubt.ToString()), ("$warning", r.Warning),
            ("$file_name", r.Version.FileName), ("$mirrors", MirrorText.Write(r.Mirrors, isLive)), ("$connections", r.Connections),
            ("$outcomes", OutcomeText.Write(r.Outcomes)), ("$url_connections", r.UrlConnections),
            ("$checksum_list", r.ChecksumList), ("$image_signature", isLive ? SignatureText.Write(r.ImageSignature) : null),
            ("$proof", SignatureText.Write(r.Proof)),
            ("$requested", r.RequestedUrl), ("$headers", isLive ? HeaderText.Write(r.Headers) : null),
            ("$checksum_source", r.ChecksumSource),
        ];
    }

    /// <summary>Reads a record from a row of <see cref="Columns"/>.</summary>
    /// <exception cref="StateFaultException">A value is not one that the daemon writes.</exception>
    public static DownloadRecord Read(SqliteDataReader row)
    {
        try
        {
            return ReadValues(row);
        }
        catch (Exception e) when (e is ArgumentException or DownloadException or FormatException or OverflowException
            or InvalidCastException or InvalidOperationException)
        {
            throw StateFaultException.Damaged($"a record cannot be read ({e.Message})", e);
        }
    }

    private static DownloadRecord ReadValues(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Volume = new VolumeId(row.GetString(1), row.GetString(2)),
        State = Enum.Parse<DownloadState>(row.GetString(3)),
        Url = RemoteUrl.Parse(row.GetString(4)),
        Credentials = Text(row, 5) is { } user ? new Credentials(user, Text(row, 6) ?? "") : null,
        Version = new Validator(
            Text(row, 7), Number(row, 8) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null, Number(row, 9),
            row.GetBoolean(27), Text(row, 31)),
        IsResumable = row.GetBoolean(10),
        Allocation = Enum.Parse<VolumeAllocation>(row.GetString(11)),
        Stored = StoredRanges.UpTo(row.GetInt64(12)),
        IsSuspect = row.GetBoolean(13),
        Attempts = row.GetInt32(14),
        Restarts = row.GetInt32(15),
        Failure = Text(row, 16) is { } kind ? new DownloadFailure(Enum.Parse<DownloadErrorKind>(kind), row.GetString(17)) : null,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(18)),
        StartedAt = Time(row, 19),
        FinishedAt = Time(row, 20),
        Checksum = Text(row, 21) is { } checksum ? Checksum.Parse(checksum) : null,
        LimitRate = row.GetInt64(22),
        Token = Text(row, 23) is { } token ? ReadToken(token, row.GetInt64(0)) : null,
        BirthCapacity = Number(row, 24),
        FileIdentity = Text(row, 25),
        IsPublishing = row.GetBoolean(26),
        RangeRefusals = row.GetInt32(28),
        Doubt = Enum.Parse<JoinDoubt>(row.GetString(29)),
        Warning = Text(row, 30),
        FileStamp = Text(row, 32),
        Mirrors = MirrorText.Read(Text(row, 33)),
        Connections = (int?)Number(row, 34),
        Outcomes = OutcomeText.Read(Text(row, 35)),
        UrlConnections = (int?)Number(row, 36),
        ChecksumList = Text(row, 37),
        ImageSignature = SignatureText.ReadDemand(Text(row, 38)),
        Proof = SignatureText.ReadProof(Text(row, 39)),
        RequestedUrl = Text(row, 40),
        Headers = HeaderText.Read(Text(row, 41)),
        ChecksumSource = Text(row, 42),
    };

    private static VolumeToken ReadToken(string text, long id)
    {
        var parts = text.Split(' ');
        if (parts.Length != 3) throw new FormatException("a token has three parts");
        return new VolumeToken(Guid.ParseExact(parts[0], "N"), parts[1], Guid.ParseExact(parts[2], "N"), id);
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        Number(row, column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
