using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kimchi.Isod.Fixtures;

/// <summary>A real nginx of the test's own, on free ports of the loopback interface, over HTTP and HTTPS.</summary>
public sealed class NginxServer : IDisposable
{
    private readonly TemporaryDirectory _directory = new("nginx");
    private readonly string _locations;
    private ChildProcess? _process;

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <param name="authority">Makes its certificate.</param>
    /// <param name="locations">More <c>location</c> blocks for its configuration; <c>$root</c> stands for its directory.</param>
    public NginxServer(TestAuthority authority, string locations = "")
    {
        Root = _directory.Make("www");
        _locations = locations.Replace("$root", Root, StringComparison.Ordinal);
        using var certificate = authority.Issue();
        File.WriteAllText(_directory["server.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_directory["server.key"], certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        (HttpPort, HttpsPort) = (LoopbackPorts.FindFree(), LoopbackPorts.FindFree());
        Start();
    }

    /// <summary>The directory it serves.</summary>
    public string Root { get; }

    /// <summary>Its port for HTTP.</summary>
    public int HttpPort { get; }

    /// <summary>Its port for HTTPS.</summary>
    public int HttpsPort { get; }

    /// <summary>Every request so far, oldest first. A request is logged when its reply has ended.</summary>
    public IReadOnlyList<AccessLogEntry> AccessLog => File.Exists(_directory["access.log"])
        ? [.. File.ReadAllLines(_directory["access.log"]).Select(AccessLogEntry.Parse)]
        : [];

    /// <summary>The URL of a path over HTTP.</summary>
    public string Url(string path) => $"http://127.0.0.1:{HttpPort}/{path}";

    /// <summary>The URL of a path over HTTPS.</summary>
    public string SecureUrl(string path) => $"https://localhost:{HttpsPort}/{path}";

    /// <summary>Puts a file of pseudo-random bytes into its directory.</summary>
    /// <returns>The file's path.</returns>
    public string AddFile(string name, long size, int seed = 1)
    {
        var path = Path.Combine(Root, name);
        TestFiles.WriteRandom(path, size, seed);
        return path;
    }

    /// <summary>Starts it, also again after <see cref="Stop"/>, on the same ports.</summary>
    public void Start()
    {
        File.WriteAllText(_directory["nginx.conf"], Configuration());
        _process = ChildProcess.Start("nginx", ["-e", _directory["error.log"], "-p", _directory.Path, "-c", _directory["nginx.conf"]]);
        Patience.Until(
            () => !_process.HasExited ? LoopbackPorts.Answers(HttpsPort) : throw new InvalidOperationException($"nginx ended: {_process.Output}"),
            () => $"nginx does not answer: {_process.Output}");
    }

    /// <summary>Kills it with all its connections.</summary>
    public void Stop() => _process?.Dispose();

    /// <summary>Ends it and deletes all it had.</summary>
    public void Dispose()
    {
        Stop();
        _directory.Dispose();
    }

    // One process, so that killing it kills everything.
    private string Configuration() => $$"""
        daemon off; master_process off; user root; pid {{_directory["nginx.pid"]}};
        events { worker_connections 512; }
        http {
          log_format entry escape=json '{"method":"$request_method","uri":"$uri","status":$status,"bytes":$body_bytes_sent,'
            '"range":"$http_range","authorization":"$http_authorization","connection":$connection}';
          access_log {{_directory["access.log"]}} entry;
          sendfile on; etag on; default_type application/octet-stream;
          client_body_temp_path {{_directory.Make("temp")}}; proxy_temp_path {{_directory["temp/p"]}};
          fastcgi_temp_path {{_directory["temp/f"]}}; uwsgi_temp_path {{_directory["temp/u"]}}; scgi_temp_path {{_directory["temp/s"]}};
          server {
            listen 127.0.0.1:{{HttpPort}};
            listen 127.0.0.1:{{HttpsPort}} ssl;
            ssl_certificate {{_directory["server.pem"]}};
            ssl_certificate_key {{_directory["server.key"]}};
            root {{Root}};
            location /slow/ { alias {{Root}}/; limit_rate 4m; }
            location /crawl/ { alias {{Root}}/; limit_rate 256k; }
            location /noranges/ { alias {{Root}}/; max_ranges 0; }
            location /noranges-slow/ { alias {{Root}}/; max_ranges 0; limit_rate 4m; }
            {{_locations}}
          }
        }
        """;
}

/// <summary>A line of nginx's log.</summary>
public sealed record AccessLogEntry(
    string Method, string Uri, int Status, long Bytes, string Range, string Authorization, long Connection)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The first byte that was asked for.</summary>
    public long Start => Range.Length == 0 ? 0 : RangeHeaderValue.Parse(Range).Ranges.Single().From ?? 0;

    /// <summary>Reads a line.</summary>
    public static AccessLogEntry Parse(string line) => JsonSerializer.Deserialize<AccessLogEntry>(line, Options)!;
}
