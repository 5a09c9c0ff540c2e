using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// SIGHUP as the wish for a new version of the model. The signal would end the process, so it is taken from the first
/// moment on; wishes that come while none can be served are kept, as one. Thread-safe.
/// </summary>
internal sealed partial class ReloadRequests : IAsyncDisposable
{
    private const int Hangup = 1;

    // A model that takes longer to load than this does not hold up the end.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _registration;
    private Task _work = Task.CompletedTask;

    /// <summary>Begins to take the signal, also where the process was started with the signal ignored.</summary>
    public ReloadRequests()
    {
        // ./edge-perception has it ignored until here, and .NET would leave it so. Any handler that does nothing takes
        // its place, not the default one, which would end the process if the signal came just now.
        Handle(Hangup, NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "abs"));
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _wishes.Writer.TryWrite(true);
        });
    }

    /// <summary>
    /// Those of a process with these arguments; null if the signal is to end it as it does any program.
    /// </summary>
    public static ReloadRequests? For(IReadOnlyList<string> arguments) =>
        arguments is ["run", ..] ? new ReloadRequests() : null;

    /// <summary>
    /// Serves wishes from now on, one that was kept at once; a new one also while the one before is at work.
    /// </summary>
    /// <param name="reload">Reloads; its task does not fail.</param>
    public void Serve(Func<Task> reload) => _work = Task.Run(async () =>
    {
        var last = Task.CompletedTask;
        try
        {
            while (true)
            {
                await _wishes.Reader.ReadAsync(_stop.Token);
                // A version that only waits for something to be in sight gives way to a newer one.
                last = Task.WhenAll(last, reload());
            }
        }
        catch (OperationCanceledException)
        {
            await last;
        }
    });

    /// <summary>
    /// Serves no more wishes, and waits a little for the one that is being served, which uses what ends next.
    /// </summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_work, Task.Delay(TimeLimit));
    }

    /// <summary>Lets the signal go.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _registration.Dispose();
        _stop.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
