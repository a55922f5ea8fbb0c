namespace Kimchi.Isod.Storage.State;

/// <summary>Where the records are kept: the section <c>state</c> of the configuration.</summary>
public sealed record StateOptions
{
    /// <summary>The directory of the state store, mode 0700. Default <c>/var/lib/kimchi-isod</c>.</summary>
    public string Directory { get; init; } = "/var/lib/kimchi-isod";

    /// <summary>How many days the records of ended downloads are kept, 0 to 36,500. Default 30.</summary>
    public int HistoryDays { get; init; } = 30;
}
