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
[JsonSerializable(typeof(StartDownloadReply))]
[JsonSerializable(typeof(EmptyReply))]
[JsonSerializable(typeof(DownloadStatusReply))]
[JsonSerializable(typeof(ErrorReply))]
public sealed partial class ApiJson : JsonSerializerContext;
