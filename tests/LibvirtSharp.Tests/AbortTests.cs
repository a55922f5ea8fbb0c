using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Fixtures;
using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

/// <summary>Giving up what hangs: no keepalive is on, so that nothing else ends a wait.</summary>
[CancelAfter(60_000)]
public sealed class AbortTests : LibvirtTest
{
    // Whether the call is in flight by then or not, it ends the same way.
    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(100);

    private Socket? _silent;

    [TearDown]
    public void HangUp() => _silent?.Dispose();

    [Test]
    public async Task Call_that_waits_for_a_hanging_libvirtd_is_lost_and_disposal_does_not_wait()
    {
        using var libvirtd = new PrivateLibvirtd();
        var connection = LibvirtConnection.Open(libvirtd.Uri);
        using var pool = NewPool(connection, libvirtd);
        var volume = NewVolume(pool, MiB);
        libvirtd.Stop();
        var call = Blocking(() => volume.GetInfo());
        await Task.Delay(AMoment);

        connection.Abort();

        Assert.That(() => call, Throws.TypeOf<ConnectionLostException>());
        Assert.That(connection.IsAlive, Is.False);
        Assert.That(connection.ListStoragePools, Throws.TypeOf<ConnectionLostException>());
        await Blocking(() =>
        {
            volume.Dispose();
            connection.Dispose();
            return true;
        });
        libvirtd.Continue();
    }

    [Test]
    public async Task Send_that_a_hanging_libvirtd_does_not_take_is_lost_and_the_stream_can_be_freed()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var connection = LibvirtConnection.Open(libvirtd.Uri);
        using var pool = NewPool(connection, libvirtd);
        using var volume = NewVolume(pool, 1UL << 40);
        var stream = connection.NewStream();
        volume.Upload(stream, 0, 1UL << 40);
        libvirtd.Stop();
        var full = Blocking(() =>
        {
            while (true)
                stream.Send(new byte[MiB]);
#pragma warning disable CS0162 // A lambda without an end has no type.
            return true;
#pragma warning restore CS0162
        });
        await Task.Delay(AMoment);

        connection.Abort();

        Assert.That(() => full, Throws.TypeOf<ConnectionLostException>());
        await Blocking(() =>
        {
            stream.Dispose();
            return true;
        });
        libvirtd.Continue();
    }

    [Test]
    public void Abort_ends_its_own_connection_only_also_when_its_socket_has_a_new_owner()
    {
        var gone = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        gone.Dispose();
        using var next = LibvirtConnection.Open(Libvirtd.Shared.Uri); // The kernel gives it the number that has come free.
        using var beside = LibvirtConnection.Open(Libvirtd.Shared.Uri);

        gone.Abort();
        beside.Abort();
        beside.Abort();

        Assert.That(() => next.ListStoragePools(), Throws.Nothing);
        Assert.That(() => Connection.ListStoragePools(), Throws.Nothing);
        Assert.That(beside.ListStoragePools, Throws.TypeOf<ConnectionLostException>());
    }

    [Test]
    public async Task Closed_is_raised_for_an_aborted_connection()
    {
        using var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += (_, _) => closed.SetResult();

        connection.Abort();

        await closed.Task.WaitAsync(Patience.Limit);
    }

    [Test]
    public void Aborted_connections_leave_nothing_open()
    {
        var before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (var i = 0; i < 50; i++)
        {
            using var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
            using var pool = NewPool(connection, Libvirtd.Shared);
            connection.Abort();
        }

        // What else runs in this process has files too; fifty connections would be fifty.
        Patience.Until(
            () => Directory.GetFileSystemEntries("/proc/self/fd").Length < before + 25,
            () => $"{Directory.GetFileSystemEntries("/proc/self/fd").Length} files, {before} before");
    }

    [Test]
    public async Task Opening_that_a_hanging_libvirtd_does_not_answer_can_be_given_up()
    {
        using var libvirtd = new PrivateLibvirtd();
        libvirtd.Stop();

        await AssertGivenUpAsync(libvirtd.Uri, Task.Delay(AMoment));

        libvirtd.Continue();
        using var again = LibvirtConnection.Open(libvirtd.Uri);
        Assert.That(() => again.ListStoragePools(), Throws.Nothing);
    }

    [Test]
    public async Task Opening_over_tcp_that_nobody_answers_can_be_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        await AssertGivenUpAsync($"storage+tcp://127.0.0.1:{PortOf(silent)}/system", SaysSomethingAsync(silent));
    }

    [Test]
    public async Task Opening_over_tls_whose_handshake_nobody_answers_can_be_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var directory = new TemporaryDirectory("pki");
        using var authority = new TestAuthority();
        await File.WriteAllTextAsync(directory["cacert.pem"], authority.Pem);

        await AssertGivenUpAsync($"storage+tls://127.0.0.1:{PortOf(silent)}/system?pkipath={directory.Path}", SaysSomethingAsync(silent));
    }

    [Test]
    public async Task Opening_of_a_connection_that_is_not_even_accepted_can_be_given_up()
    {
        using var full = new TcpListener(IPAddress.Loopback, 0);
        full.Start(0);
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, PortOf(full)); // The backlog of one is taken: the next SYN is dropped.

        await AssertGivenUpAsync($"storage+tcp://127.0.0.1:{PortOf(full)}/system", KnocksAsync(PortOf(full)));
    }

    [Test]
    public void Opening_that_was_given_up_before_is_not_begun() =>
        Assert.That(
            () => LibvirtConnection.Open(Libvirtd.Shared.Uri, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void Token_that_fires_later_leaves_the_connection_alone()
    {
        using var source = new CancellationTokenSource();
        using var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri, source.Token);

        source.Cancel();

        Assert.That(() => connection.ListStoragePools(), Throws.Nothing);
    }

    private static async Task AssertGivenUpAsync(string uri, Task hangs)
    {
        using var source = new CancellationTokenSource();
        var token = source.Token;
        var attempt = Blocking(() => LibvirtConnection.Open(uri, token));
        await hangs;
        Assert.That(attempt.IsCompleted, Is.False, "it hangs");

        await source.CancelAsync();

        Assert.That(() => attempt, Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(token));
    }

    // libvirt has said its first word, the call of its protocol or TLS's hello.
    private async Task SaysSomethingAsync(TcpListener listener)
    {
        _silent = await listener.AcceptSocketAsync();
        await _silent.ReceiveAsync(new byte[1]);
    }

    // proc_pid_net(5): 02 is TCP_SYN_SENT.
    private static Task KnocksAsync(int port) => Patience.UntilAsync(
        () => Task.FromResult(File.ReadLines("/proc/self/net/tcp").Any(line => line.Contains($":{port:X4} 02 ", StringComparison.Ordinal))),
        () => "nobody connects");

    private static Task<T> Blocking<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience.Limit);

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
