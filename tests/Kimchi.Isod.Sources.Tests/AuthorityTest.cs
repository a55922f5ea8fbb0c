using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A test with an authority of its own, whose certificate is in a file.</summary>
public abstract class AuthorityTest
{
    private protected TestAuthority Authority { get; private set; } = null!;

    private protected string CaFile { get; private set; } = null!;

    [SetUp]
    public void MakeAuthority()
    {
        Authority = new TestAuthority();
        CaFile = Path.GetTempFileName();
        File.WriteAllText(CaFile, Authority.Pem);
    }

    [TearDown]
    public void ForgetAuthority()
    {
        Authority.Dispose();
        File.Delete(CaFile);
    }
}
