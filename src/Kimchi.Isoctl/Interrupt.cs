using System.Runtime.InteropServices;

namespace Kimchi.Isoctl;

/// <summary>Turns Ctrl-C and SIGTERM into the end of the waiting, so that there is time for a last word.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interrupt() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, End), PosixSignalRegistration.Create(PosixSignal.SIGTERM, End)];

    /// <summary>Fires when the user wants no more.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        _source.Cancel();
    }
}
