using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>How the API's messages are written and read. Unknown and repeated fields are refused: a typo must not pass unseen.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StartDownloadRequest))]
[JsonSerializable(typeof(DownloadName))]
[JsonSerializable(typeof(LimitRequest))]
[JsonSerializable(typeof(StartDownloadReply))]
[JsonSerializable(typeof(KeepDownloadReply))]
[JsonSerializable(typeof(EmptyReply))]
[JsonSerializable(typeof(DownloadStatusReply))]
[JsonSerializable(typeof(Download))]
[JsonSerializable(typeof(DownloadList))]
[JsonSerializable(typeof(ProbeRequest))]
[JsonSerializable(typeof(ProbeReply))]
[JsonSerializable(typeof(ForgottenDownload))]
[JsonSerializable(typeof(StreamEnd))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(ErrorReply))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The form on the wire: quotes and letters of all languages as they are, since no reply is ever put into HTML.</summary>
    public static ApiJson Wire => field ??=
        new ApiJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>How a client reads replies: fields that a newer daemon has added are skipped.</summary>
    public static ApiJson Replies => field ??=
        new ApiJson(new JsonSerializerOptions(Wire.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });
}
