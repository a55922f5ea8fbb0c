namespace Kimchi.Isod.Fixtures;

/// <summary>The checkout that the tests belong to.</summary>
public static class Repository
{
    /// <summary>Its directory.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "kimchi-isod.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("the tests run outside of a checkout");
        return directory.FullName;
    }
}
