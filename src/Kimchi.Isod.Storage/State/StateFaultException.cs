namespace Kimchi.Isod.Storage.State;

/// <summary>The file is not a store that this daemon can read. It is kept aside.</summary>
public sealed class StateFaultException : Exception
{
    private StateFaultException(string label, string message, Exception? inner = null)
        : base(message, inner) => Label = label;

    /// <summary>One word for the name under which the file is kept.</summary>
    public string Label { get; }

    /// <summary>A newer kimchi-isod has made it.</summary>
    public static StateFaultException Newer(int version) => new(
        "newer", $"it is of version {version}, made by a newer kimchi-isod; this one knows version {StateSchema.Version}");

    /// <summary>It is no store, or not in order any more.</summary>
    public static StateFaultException Damaged(string why, Exception? inner = null) =>
        new("damaged", $"it is damaged: {why.TrimEnd('.')}", inner);
}
