using System.Text;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>A file in the place of the store that is none, or not in order any more, is kept for whoever can read it.</summary>
public sealed class DamagedStoreTests : StateTest
{
    private const int PageSize = 4096;
    private const string Garbage = "this is not a database, but long enough to be taken for the header of one by a careless reader ";

    public enum Damage
    {
        NoHeader,
        Truncated,
        TruncatedInAPage,
        ForeignDatabase,
        ForeignDatabaseOfOurVersion,
        UnreadableState,
        UnreadableUrl,
        UnreadableChecksum,
        NoDaemonRow,
        NoVersion,
    }

    [Test]
    public void Damaged_store_is_kept_aside_as_it_is_and_a_new_one_made([Values] Damage damage)
    {
        MakeStore();
        Do(damage);
        var damaged = File.ReadAllBytes(Store.Path);

        OpenAndUse();

        var kept = Store.KeptAside.Single();
        Assert.That(kept, Is.EqualTo(Store.Path + ".damaged-20261124T120000Z"));
        Assert.That(File.ReadAllBytes(kept), Is.EqualTo(damaged));
        AssertKeptAside(kept);
    }

    [Test]
    public void Page_of_which_every_byte_is_wrong_is_noticed_wherever_it_is()
    {
        MakeStore();
        var sound = File.ReadAllBytes(Store.Path);
        for (var page = 0; page < sound.Length / PageSize; page++)
        {
            var damaged = (byte[])sound.Clone();
            foreach (ref var b in damaged.AsSpan(page * PageSize, PageSize)) b ^= 0xff;
            File.WriteAllBytes(Store.Path, damaged);

            OpenAndUse();

            Assert.That(Store.KeptAside, Has.Count.EqualTo(page + 1), $"page {page}");
        }
    }

    [Test]
    public void Files_that_sqlite_has_put_beside_a_damaged_store_go_with_it()
    {
        File.WriteAllText(Store.Path, Garbage);
        File.WriteAllText(Store.Path + "-wal", "not a log");
        File.WriteAllText(Store.Path + "-shm", "not an index");

        OpenAndUse();

        var kept = Store.KeptAside.Single();
        Assert.That(File.ReadAllText(kept), Is.EqualTo(Garbage));
        Assert.That(File.ReadAllText(kept + "-wal"), Is.EqualTo("not a log"));
        Assert.That(File.Exists(kept + "-shm"), "SQLite makes it anew from the log");
    }

    [Test]
    public void Stores_kept_aside_within_a_second_do_not_replace_each_other()
    {
        for (var i = 1; i <= 3; i++)
        {
            File.WriteAllText(Store.Path, Garbage + i);
            OpenAndUse();
        }

        var name = Store.Path + ".damaged-20261124T120000Z";
        Assert.That(Store.KeptAside, Is.EqualTo(new[] { name, name + "-2", name + "-3" }));
        Assert.That(Store.KeptAside.Select(File.ReadAllText), Is.EqualTo(new[] { Garbage + 1, Garbage + 2, Garbage + 3 }));
    }

    [Test]
    public void Name_is_not_taken_either_when_only_a_log_has_it()
    {
        File.WriteAllText(Store.Path, Garbage);
        var log = Store.Path + ".damaged-20261124T120000Z-wal";
        File.WriteAllText(log, "of another");

        OpenAndUse();

        Assert.That(File.ReadAllText(log), Is.EqualTo("of another"));
        Assert.That(Store.KeptAside.Single(), Does.EndWith("Z-2"));
    }

    [Test]
    public void Store_that_is_kept_aside_and_the_new_one_are_readable_by_their_owner_only()
    {
        MakeStore();
        Do(Damage.Truncated);

        using var store = Open();
        store.Add(Sample());

        Assert.That(Store.KeptAside, Has.Count.EqualTo(1));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Store.Path)!))
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    private void AssertKeptAside(string kept)
    {
        Assert.That(Log.Events.Select(e => e.Id), Is.EqualTo(new[] { KeptAside, Missing }));
        Assert.That(Log.Events[0].Message, Does.Contain(Store.Path).And.Contain("damaged").And.Contain(kept));
    }

    private void Do(Damage damage)
    {
        if (damage is Damage.ForeignDatabase or Damage.ForeignDatabaseOfOurVersion) File.Delete(Store.Path);
        if (damage is Damage.NoHeader) Overwrite(0, Encoding.UTF8.GetBytes(Garbage));
        else if (damage is Damage.Truncated) Truncate(3 * PageSize);
        else if (damage is Damage.TruncatedInAPage) Truncate((3 * PageSize) + 100);
        else Store.Execute(Sql(damage));
    }

    private static string Sql(Damage damage) => damage switch
    {
        Damage.ForeignDatabase => "CREATE TABLE notes (text TEXT)",
        Damage.ForeignDatabaseOfOurVersion => "CREATE TABLE notes (text TEXT); PRAGMA user_version = 2",
        Damage.UnreadableState => "UPDATE downloads SET state = 'Dreaming'",
        Damage.UnreadableUrl => "UPDATE downloads SET url = 'no url'",
        Damage.UnreadableChecksum => "UPDATE downloads SET checksum = 'sha256:short'",
        Damage.NoDaemonRow => "DELETE FROM daemon",
        Damage.NoVersion => "PRAGMA user_version = 0",
        _ => throw new ArgumentOutOfRangeException(nameof(damage)),
    };

    private void Overwrite(long at, byte[] bytes)
    {
        using var file = File.OpenWrite(Store.Path);
        file.Position = at;
        file.Write(bytes);
    }

    private void Truncate(long length)
    {
        using var file = File.OpenWrite(Store.Path);
        file.SetLength(length);
    }
}
