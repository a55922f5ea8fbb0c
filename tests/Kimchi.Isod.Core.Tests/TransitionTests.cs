using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Which state may follow which, cell by cell.</summary>
public sealed class TransitionTests
{
    //                                 Queued Running Paused Completed Failed Canceling Canceled Preparing
    [TestCase(DownloadState.Queued, "  -      yes     yes    -         -      yes       -        -")]
    [TestCase(DownloadState.Running, " yes    -       yes    yes       yes    yes       -        -")]
    [TestCase(DownloadState.Paused, "  yes    -       -      -         -      yes       -        -")]
    [TestCase(DownloadState.Completed, "-     -       -      -         -      -         -        -")]
    [TestCase(DownloadState.Failed, "  yes    -       -      -         -      yes       yes      -")]
    [TestCase(DownloadState.Canceling, "-     -       -      -         yes    -         yes      -")]
    [TestCase(DownloadState.Canceled, "-      -       -      -         -      -         -        -")]
    [TestCase(DownloadState.Preparing, "yes   -       yes    -         -      -         yes      -")]
    public void State_is_followed_by_those_of_the_table(DownloadState from, string row)
    {
        var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var states = Enum.GetValues<DownloadState>();

        Assert.That(cells, Has.Length.EqualTo(states.Length));
        Assert.That(states.Select(to => DownloadTransitions.IsAllowed(from, to)), Is.EqualTo(cells.Select(cell => cell == "yes")));
    }
}
