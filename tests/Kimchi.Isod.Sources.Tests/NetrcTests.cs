using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Passwords of servers in a netrc file.</summary>
public sealed class NetrcTests
{
    [TestCase("machine host login user password pass")]
    [TestCase("machine other login x password y\nmachine HOST\n\tlogin user\n\tpassword pass\n")]
    [TestCase("# machine host login no password no\nmachine host login user account a password pass")]
    [TestCase("macdef init\ncd /\nmachine host\n\nmachine host login user password pass")]
    [TestCase("default login user password pass")]
    [TestCase("machine host login \"user\" password \"pass\"")]
    [TestCase("machine host login user password pass machine host login second password third")]
    public void Credentials_of_a_host_are_found(string text) =>
        Assert.That(Netrc.Parse(text).Find(new Uri("http://host/")), Is.EqualTo(new Credentials("user", "pass")));

    [Test]
    public void Password_in_quotes_may_hold_anything() =>
        Assert.That(Netrc.Parse("machine h login u password \"a \\\"b\\\\ #c\"").Find(new Uri("ftp://h/"))!.Password, Is.EqualTo("a \"b\\ #c"));

    [TestCase("")]
    [TestCase("machine other login user password pass")]
    public void Other_hosts_get_nothing(string text) => Assert.That(Netrc.Parse(text).Find(new Uri("http://host/")), Is.Null);

    [TestCase("machine", "after word 1")]
    [TestCase("machine host login", "a login should follow")]
    [TestCase("machine host login user s3cret", "word 5")]
    [TestCase("machine host password \"s3cret", "word 4")]
    public void What_is_wrong_is_told_with_no_secret(string text, string words) => Assert.That(
        () => Netrc.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(words).And.Message.Not.Contains("s3cret"));
}
