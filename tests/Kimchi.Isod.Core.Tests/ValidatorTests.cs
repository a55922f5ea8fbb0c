using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests;

/// <summary>What proves that bytes of two replies are of one version: RFC 9110, sections 8.8 and 15.3.7.3.</summary>
public sealed class ValidatorTests
{
    [TestCase("\"a\"", null, 5L, "\"a\"", null, 5L, VersionMatch.Same)]
    [TestCase("\"a\"", null, 5L, "\"a\"", null, null, VersionMatch.Same)]
    [TestCase("\"a\"", null, 5L, "\"b\"", null, 5L, VersionMatch.Different)]
    [TestCase("\"a\"", null, 5L, "\"a\"", null, 6L, VersionMatch.Different)]
    [TestCase("\"a\"", null, 5L, "W/\"a\"", null, 5L, VersionMatch.Different)]
    [TestCase("\"a\"", null, 5L, null, null, 5L, VersionMatch.Unknown)]
    [TestCase("\"a\"", 1, 5L, null, 1, 5L, VersionMatch.Same)]
    [TestCase("\"a\"", 1, 5L, "\"a\"", 1, 5L, VersionMatch.Same)]
    [TestCase("\"a\"", 1, 5L, "\"a\"", 2, 5L, VersionMatch.Unknown)]
    [TestCase("\"a\"", 1, 5L, "\"a\"", null, 5L, VersionMatch.Same)]
    [TestCase("W/\"a\"", null, 5L, "W/\"a\"", null, 5L, VersionMatch.Unknown)]
    [TestCase("W/\"a\"", null, 5L, "W/\"b\"", null, 5L, VersionMatch.Different)]
    [TestCase("\"\"", null, 5L, "\"\"", null, 5L, VersionMatch.Unknown)]
    [TestCase("\"a\", \"b\"", null, 5L, "\"a\", \"b\"", null, 5L, VersionMatch.Unknown)]
    [TestCase(null, 1, 5L, null, 1, 5L, VersionMatch.Same)]
    [TestCase(null, 1, 5L, null, 2, 5L, VersionMatch.Different)]
    [TestCase(null, 1, 5L, null, null, 5L, VersionMatch.Unknown)]
    [TestCase(null, -1, 5L, null, -1, 5L, VersionMatch.Unknown)]
    [TestCase(null, -1, 5L, null, -2, 5L, VersionMatch.Different)]
    [TestCase(null, null, 5L, null, null, 5L, VersionMatch.Unknown)]
    [TestCase(null, null, 5L, null, null, 6L, VersionMatch.Different)]
    [TestCase(null, null, null, null, null, null, VersionMatch.Unknown)]
    public void Versions_are_the_same_only_by_a_strong_validator(
        string? tag, int? day, long? size, string? otherTag, int? otherDay, long? otherSize, VersionMatch match) =>
        Assert.That(Make(tag, day, size).CompareWith(Make(otherTag, otherDay, otherSize)), Is.EqualTo(match));

    [TestCase("debian-12.iso", "debian-12.iso", VersionMatch.Same)]
    [TestCase("debian-12.iso", "debian-13.iso", VersionMatch.Unknown)]
    [TestCase("debian-12.iso", null, VersionMatch.Same)]
    [TestCase(null, "debian-12.iso", VersionMatch.Same)]
    public void Equal_validators_of_two_files_prove_nothing(string? name, string? otherName, VersionMatch match)
    {
        Assert.That((Make("\"a\"", 1, 5) with { FileName = name }).CompareWith(Make("\"a\"", 1, 5) with { FileName = otherName }), Is.EqualTo(match));
        Assert.That((Make(null, 1, 5) with { FileName = name }).CompareWith(Make(null, 1, 5) with { FileName = otherName }), Is.EqualTo(match));
    }

    [TestCase("\"a\"", null, true)]
    [TestCase("W/\"a\"", null, false)]
    [TestCase("a", null, false)]
    [TestCase("\"", null, false)]
    [TestCase("\"\"", null, false)]
    [TestCase(null, 1, true)]
    [TestCase(null, -1, false)]
    [TestCase(null, null, false)]
    public void Only_a_strong_tag_or_an_old_date_is_strong(string? tag, int? day, bool isStrong) =>
        Assert.That(Make(tag, day, 5).IsStrong, Is.EqualTo(isStrong));

    // A negative day is a date of the second in which the reply was made.
    private static Validator Make(string? tag, int? day, long? size) => new(
        tag, day is { } d ? new DateTimeOffset(2026, 1, Math.Abs(d), 0, 0, 0, TimeSpan.Zero) : null, size, IsDateStrong: day > 0);
}
