using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>A stop ends an opening or a transfer at once, in any phase, and leaves no connection. All timeouts are hours away.</summary>
[CancelAfter(60_000)]
public sealed class FtpCancelTests
{
    private static readonly NetworkOptions Patient = FtpWire.Direct with
    {
        ConnectTimeout = TimeSpan.FromHours(1),
        StallTimeout = TimeSpan.FromHours(1),
    };

    private static readonly byte[] Large = new byte[64 * 1024 * 1024];

    [Test]
    public async Task Stopped_before_anything()
    {
        await using var ftp = new FtpWire(options: Patient);

        await Assert.ThatAsync(() => ftp.OpenAsync(null, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Stopped_while_connecting()
    {
        using var deaf = new DeafListener();
        using var source = new RemoteSource(Patient, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var opening = source.OpenAsync(new RemoteRequest(RemoteUrl.Parse($"ftp://127.0.0.1:{deaf.Port}/a.iso"), null), stop.Token);

        await stop.CancelAsync();

        await Assert.ThatAsync(() => opening, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("USER")]
    [TestCase("PASS")]
    [TestCase("PWD")]
    [TestCase("CWD")]
    [TestCase("EPSV")]
    [TestCase("TYPE")]
    [TestCase("SIZE")]
    [TestCase("MDTM")]
    [TestCase("RETR")]
    public async Task Stopped_while_the_server_owes_a_reply(string command)
    {
        await using var ftp = new FtpWire(FtpWire.Answering(command, null), Patient);
        using var stop = new CancellationTokenSource();
        var opening = ftp.OpenAsync(null, stop.Token);
        ftp.Server.WaitFor(command);

        await stop.CancelAsync();

        await Assert.ThatAsync(() => opening, Throws.InstanceOf<OperationCanceledException>());
        ftp.Server.WaitUntilLeft();
    }

    // libcurl waits for this handshake inside one call.
    [Test]
    public async Task Stopped_in_the_tls_handshake()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("AUTH", "234 Go ahead."), Patient);
        using var stop = new CancellationTokenSource();
        var opening = ftp.OpenAsync(null, stop.Token);
        ftp.Server.WaitFor("AUTH");

        await stop.CancelAsync();

        await Assert.ThatAsync(() => opening, Throws.InstanceOf<OperationCanceledException>());
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Stopped_while_no_data_come()
    {
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { Send = (_, _, stop) => Task.Delay(Timeout.Infinite, stop) }, Patient);
        await using (var file = await ftp.OpenAsync())
        {
            using var stop = new CancellationTokenSource();
            var reading = file.ReadAsync(new byte[10], stop.Token).AsTask();

            await stop.CancelAsync();

            await Assert.ThatAsync(() => reading, Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [Test]
    public async Task Stopped_while_nobody_reads()
    {
        await using var ftp = new FtpWire(new FtpScript(Large), Patient);
        await using (var file = await ftp.OpenAsync()) await Reading.ExactlyAsync(file, new byte[1]);

        ftp.Server.WaitUntilLeft();
    }

    // libcurl waits for the last reply inside one call.
    [Test]
    public async Task Stopped_while_the_last_reply_is_awaited()
    {
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { End = null }, Patient);
        await using (var file = await ftp.OpenAsync())
        {
            await Reading.ExactlyAsync(file, new byte[Http.Content.Length - 1]);
            using var stop = new CancellationTokenSource();
            var reading = file.ReadAsync(new byte[10], stop.Token).AsTask();

            await stop.CancelAsync();

            await Assert.ThatAsync(() => reading, Throws.InstanceOf<OperationCanceledException>());
        }

        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Threads_and_sockets_are_gone_after_many_stops()
    {
        await using var ftp = new FtpWire(new FtpScript(Large), Patient);
        var before = OpenFiles();
        for (var i = 0; i < 50; i++)
        {
            await using var file = await ftp.OpenAsync();
            await Reading.ExactlyAsync(file, new byte[1]);
        }

        ftp.Server.WaitUntilLeft();
        Patience.Until(() => OpenFiles() <= before + 10, () => $"{OpenFiles()} files are open, {before} were before");
        Patience.Until(() => Threads("ftp") == 0, () => $"{Threads("ftp")} threads are left");
    }

    private static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int Threads(string name) => Directory.GetDirectories("/proc/self/task").Count(t => NameOf(t) == name);

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
