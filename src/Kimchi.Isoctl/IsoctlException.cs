namespace Kimchi.Isoctl;

/// <summary>The command cannot be carried out. The message names what is wrong and how to fix it.</summary>
internal sealed class IsoctlException(int exitCode, string message) : Exception(message)
{
    /// <summary>How the program ends: one of <see cref="Isoctl.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
