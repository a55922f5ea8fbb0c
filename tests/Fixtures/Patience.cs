using System.Diagnostics;

namespace Kimchi.Isod.Fixtures;

/// <summary>Waits for something in another process that tells of no event.</summary>
public static class Patience
{
    /// <summary>How long anything may take before a test gives up.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Looks until it is so.</summary>
    /// <exception cref="TimeoutException">It did not become so.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> describe)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed > Limit) throw new TimeoutException(describe());
            await Task.Delay(10);
        }
    }

    /// <summary>Looks until it is so.</summary>
    /// <exception cref="TimeoutException">It did not become so.</exception>
    public static void Until(Func<bool> isSo, Func<string> describe) =>
        UntilAsync(() => Task.FromResult(isSo()), describe).GetAwaiter().GetResult();
}
