using System.Buffers.Binary;
using System.Security.Cryptography;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>What proves that a file is whole, and that its parts are of one file.</summary>
public sealed class EvidenceTests
{
    private const int Size = 1_000_000;
    private static readonly DownloadOptions Options = new() { WindowSize = 100_000, PacketSize = 7_000, MinFree = 0, Retries = 0 };

    [Test]
    public async Task End_that_nothing_proves_fails_and_names_what_helps()
    {
        var world = Unproven(isoSize: null);

        await world.StartAsync();

        var failure = (await world.WaitForAsync(DownloadState.Failed)).Failure!;
        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.EndUnproven));
        Assert.That(failure.Reason, Does.Contain("checksum").And.Contain("downloads:unproven_end = accept"));
    }

    [TestCase(1)]
    [TestCase(50_000)]
    [TestCase(200_000)]
    public async Task Bytes_that_are_sent_again_must_be_those_that_are_stored(int overlap)
    {
        var world = new World(Size, Options with { Retries = 3, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        var stored = world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.ImagePosition;
        world.Source.BeforeRead = (_, _) => Task.CompletedTask;
        world.Source.Overlap = overlap;
        var from = (int)stored - overlap;
        world.Source.Rest = [.. new byte[from], .. world.Content.AsSpan(0, Size - from)]; // From the first byte.

        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
        Assert.That(world.Source.OpenedAt, Is.EqualTo(new[] { 0, stored, stored, stored }), "twice the rest, then the whole");
    }

    [Test]
    public async Task Stored_bytes_that_are_not_of_the_whole_file_are_fetched_again()
    {
        var world = new World(Size, Options with { Retries = 3, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        var stored = (int)world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.ImagePosition;
        world.Source.BeforeRead = (_, _) => Task.CompletedTask;
        world.Source.RefusesMiddle = true;
        world.Source.Content = [.. world.Content];
        world.Source.Content.AsSpan(stored - 10_000, 10_000).Reverse();

        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Source.Content));
    }

    [Test]
    public async Task Server_that_sends_all_where_the_rest_was_asked_for_cannot_be_paused_any_more()
    {
        var world = new World(Size, Options);
        var gate = await world.StartHeldAsync(300_000);
        Assert.That(world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.IsContinuable);
        await world.PauseAsync();
        world.Source.RefusesMiddle = true;
        var again = new Gate(300_000);
        world.Source.BeforeRead = again.PassAsync;

        await world.ResumeAsync();

        await again.Reached;
        Assert.That(world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.IsContinuable, Is.False);
        again.Open();
        gate.Open();
        Assert.That((await world.WaitForAsync(DownloadState.Completed)).Restarts, Is.Zero);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [TestCase(Size, DownloadState.Completed)]
    [TestCase(Size + 2048, DownloadState.Failed)]
    [TestCase(Size - 512, DownloadState.Failed)]
    public async Task End_is_proven_by_exactly_the_size_that_the_image_tells(int isoSize, DownloadState end)
    {
        var world = Unproven(isoSize / 512 * 512, Size / 512 * 512);

        await world.StartAsync();

        await world.WaitForAsync(end);
    }

    [Test]
    public async Task End_is_taken_where_the_administrator_says_so()
    {
        var world = Unproven(isoSize: null, options: Options with { UnprovenEnd = UnprovenEndPolicy.Accept });

        await world.StartAsync();

        Assert.That((await world.WaitForAsync(DownloadState.Completed)).ImageSize, Is.EqualTo(Size));
    }

    [Test]
    public async Task Checksum_proves_the_end()
    {
        var world = Unproven(isoSize: null);

        await world.StartAsync(checksum: Checksum(world.Source.Content));

        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Image_that_is_shorter_than_it_says_is_completed_with_a_warning_where_its_length_is_proven()
    {
        var world = new World(Size, Options);
        world.Source.Content = Iso(Size, 2_000_000 / 2048 * 2048);

        await world.StartAsync();

        Assert.That((await world.WaitForAsync(DownloadState.Completed)).Warning, Does.Contain("descriptor says 1998848"));
    }

    [Test]
    public async Task Without_a_strong_validator_a_break_leads_back_to_the_first_byte_and_a_pause_is_refused_with_what_helps()
    {
        var world = new World(Size, Options with { Retries = 3, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        world.Source.ETag = "W/\"1\"";
        BreakOnceAt(world, 500_000);

        await world.StartAsync();

        var record = await world.WaitForAsync(DownloadState.Completed);
        Assert.That(record.Restarts, Is.EqualTo(1));
        Assert.That(record.IsContinuable, Is.False);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Mixture_of_two_versions_under_weak_marks_is_found_by_the_checksum_and_fetched_again_once()
    {
        var world = new World(Size, Options with { Retries = 3, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        world.Source.ETag = "W/\"1\"";
        var later = (byte[])world.Content.Clone();
        Array.Reverse(later);
        BreakOnceAt(world, 500_000, () => world.Source.Content = later);

        await world.StartAsync(checksum: Checksum(later));

        var record = await world.WaitForAsync(DownloadState.Completed);
        Assert.That(record.Doubt, Is.EqualTo(JoinDoubt.FetchedAgain));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(later));
        Assert.That(world.Source.OpenedAt[^1], Is.Zero);
    }

    [Test]
    public async Task Whole_reply_of_the_same_version_loses_nothing_that_is_stored()
    {
        var world = new World(Size, Options with { Retries = 3, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        BreakOnceAt(world, 500_000, () => world.Source.IsResumable = false);

        await world.StartAsync();

        var record = await world.WaitForAsync(DownloadState.Completed);
        Assert.That(record.Restarts, Is.Zero);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [TestCase(10, 2048, 10, 2048, 20_480L)]
    [TestCase(10, 2048, 0, 0, 20_480L)]
    [TestCase(10, 2048, 11, 2048, null)]
    [TestCase(0, 2048, 0, 2048, null)]
    [TestCase(10, 0, 10, 0, null)]
    [TestCase(10, 1000, 10, 1000, null)]
    public void Size_of_an_iso_is_blocks_times_block_size_where_both_orders_agree(int blocks, int size, int otherBlocks, int otherSize, long? expected)
    {
        var head = Iso(HeldHead.Size, 0);
        Describe(head, blocks, size, otherBlocks, otherSize);

        Assert.That(IsoSize.Read(head), Is.EqualTo(expected));
        Assert.That(IsoSize.IsIso(head), Is.True);
    }

    private static World Unproven(int? isoSize, int size = Size, DownloadOptions? options = null)
    {
        var world = new World(size, options ?? Options);
        world.Source.TellsSize = false;
        world.Source.IsResumable = false;
        world.Source.End = EndEvidence.None;
        if (isoSize is { } told) world.Source.Content = Iso(size, told);
        return world;
    }

    private static byte[] Iso(int size, int isoSize)
    {
        var image = new byte[size];
        new Random(1).NextBytes(image);
        "\u0001CD001\u0001"u8.CopyTo(image.AsSpan(32 * 1024));
        Describe(image, isoSize / 512, 512, isoSize / 512, 512);
        return image;
    }

    private static void Describe(byte[] image, int blocks, int size, int otherBlocks, int otherSize)
    {
        var descriptor = image.AsSpan(32 * 1024);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor[80..], blocks);
        BinaryPrimitives.WriteInt32BigEndian(descriptor[84..], otherBlocks);
        BinaryPrimitives.WriteInt16LittleEndian(descriptor[128..], (short)size);
        BinaryPrimitives.WriteInt16BigEndian(descriptor[130..], (short)otherSize);
    }

    private static void BreakOnceAt(World world, long position, Action? then = null)
    {
        var isBroken = false;
        world.Source.BeforeRead = (at, _) =>
        {
            if (isBroken || at < position) return Task.CompletedTask;
            isBroken = true;
            then?.Invoke();
            throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "dropped");
        };
    }

    private static string Checksum(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
