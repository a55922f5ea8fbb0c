using Kimchi.Isod.Fixtures;

// Most of their time these tests wait: for the next try, for a server that is slow on purpose.
[assembly: LevelOfParallelism(4)]

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The servers that all tests share: one libvirtd and one nginx. Each test has a daemon of its own.</summary>
[SetUpFixture]
internal sealed class Servers
{
    public static PrivateLibvirtd Libvirtd { get; private set; } = null!;

    public static string Pool { get; private set; } = null!;

    public static TestAuthority Authority { get; private set; } = null!;

    public static NginxServer Nginx { get; private set; } = null!;

    [OneTimeSetUp]
    public void StartAll()
    {
        Libvirtd = new PrivateLibvirtd();
        Pool = Libvirtd.NewPoolDirectory();
        Authority = new TestAuthority();
        Nginx = new NginxServer(Authority, """
            location /chunked/ { alias $root/; ssi on; ssi_types *; }
            location /redirect/ { rewrite ^/redirect/(.*)$ /$1 redirect; }
            location /presigned/ { alias $root/; limit_except GET { deny all; } if ($request_method != GET) { return 403; } }
            location /secret/ { alias $root/; if ($http_authorization != "Basic dXNlcjpwYXNz") { return 401; } }
            location /vouched {
              add_header Repr-Digest "sha-256=:$arg_digest:" always;
              add_header Link "<$arg_mirror>; rel=duplicate; pri=1; geo=de" always;
              return 302 /$arg_to;
            }
            location /page/ { default_type text/html; return 200 "<!DOCTYPE html><title>Log in</title>"; }
            """);
    }

    [OneTimeTearDown]
    public void StopAll()
    {
        Nginx.Dispose();
        Authority.Dispose();
        Libvirtd.Dispose();
    }
}
