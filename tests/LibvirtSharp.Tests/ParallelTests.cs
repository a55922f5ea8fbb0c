using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class ParallelTests : LibvirtTest
{
    private const int Threads = 8;

    [Test]
    public void One_connection_serves_many_threads()
    {
        using var pool = NewPool();
        RunThreads(thread =>
        {
            var bytes = RandomBytes(MiB, seed: thread);
            using var volume = Patiently(() => NewVolume(pool, MiB));
            Patiently(() =>
            {
                Upload(Connection, volume, 0, bytes);
                return 0;
            });
            Assert.That(Patiently(() => Read(Connection, volume, 0, 0)).AsSpan().SequenceEqual(bytes));
        });
        Assert.That(pool.ListVolumeNames(), Has.Count.EqualTo(Threads));
    }

    [Test]
    public void Errors_of_threads_do_not_mix() => RunThreads(thread =>
    {
        for (var i = 0; i < 100; i++)
        {
            var name = $"pool-of-{thread}-{i}";
            var error = Assert.Throws<StoragePoolNotFoundException>(() => Connection.LookupStoragePool(name));
            Assert.That(error!.Message, Does.Contain(name));
        }
    });

    [Test]
    public void Disposal_races_end_in_a_typed_exception() => RunThreads(_ =>
    {
        for (var i = 0; i < 20; i++)
        {
            var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
            var other = Task.Run(connection.Dispose);
            try
            {
                foreach (var pool in connection.ListStoragePools())
                    pool.Dispose();
            }
            catch (Exception e) when (e is ObjectDisposedException or LibvirtException)
            {
                // The disposal came first, or in between.
            }

            other.Wait();
        }
    });

    private static void RunThreads(Action<int> work)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            try
            {
                work(number);
            }
            catch (Exception e)
            {
                lock (failures)
                    failures.Add(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.That(failures, Is.Empty);
    }

    private static T Patiently<T>(Func<T> call)
    {
        while (true)
        {
            try
            {
                return call();
            }
            catch (LibvirtBusyException)
            {
                Thread.Sleep(5); // Somebody else's transfer ends without an event.
            }
        }
    }
}
