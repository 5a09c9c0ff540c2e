using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// The example controller, a process, and the service, another one: whatever comes between them, the next stop arrives.
/// </summary>
public sealed class ControllerReconnectionTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _publish = MosquittoBroker.FreePort();
    private readonly int _actions = MosquittoBroker.FreePort();
    private MosquittoBroker _broker = null!;
    private Watcher _watcher = null!;
    private TcpRelay _relay = null!;
    private PythonListener _listener = null!;

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _watcher = await Watcher.StartAsync(_broker);
        _relay = TcpRelay.To(_actions);
        _listener = new PythonListener($"tcp://127.0.0.1:{_publish}", $"tcp://127.0.0.1:{_relay.Port}", "base");
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _relay.DisposeAsync();
        await _watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_restart_of_the_service(bool inOrder)
    {
        using (var first = Start())
        {
            await IsServedAsync(1, "before");
            if (inOrder) first.Terminate();
            else first.Kill();
            await first.EndAsync();
        }

        using var second = Start();
        await IsServedAsync(2, "after");
    }

    [Fact]
    public async Task After_the_service_was_frozen_for_longer_than_silence_is_borne()
    {
        using var program = Start();
        await IsServedAsync(1, "before");
        program.Freeze();

        // Its heartbeats tell the controller, which gives up the connection and knocks anew, again and again.
        var knocks = _relay.Connections;
        await Eventually.Until(() => _relay.Connections >= knocks + 2, "the controller's giving up");
        var said = _watcher.On("safety").Count;
        program.Thaw();

        // The broker, too, gives up who is silent for long, and a stop that is sent meanwhile is lost.
        await Eventually.Until(
            () => _watcher.On("safety").Count >= said + 3, "the service's being at the broker again");
        await IsServedAsync(2, "after");
    }

    [Fact]
    public async Task After_the_connection_was_cut_and_while_it_stayed_cut()
    {
        using var program = Start();
        await IsServedAsync(1, "before");
        _relay.Cut();
        await IsServedAsync(2, "after-a-cut");
        _relay.Close();
        await StopAsync("unheard");
        _relay.Open();
        await IsServedAsync(3, "after-an-outage");
    }

    private EdgeProgram Start() => EdgeProgram.Start("run", "--config", _folder.Write("service.yaml",
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{Settings.Mqtt(_broker.Port)}"
        + $"zeromq: {{ publish: 'tcp://127.0.0.1:{_publish}', actions: 'tcp://127.0.0.1:{_actions}' }}\n"
        + "safety: { degradeAfterMs: 20000, haltAfterMs: 60000 }\n"));

    /// <summary>The controller is registered for that many times at least, and the next stop reaches it.</summary>
    private async Task IsServedAsync(int registrations, string id)
    {
        await _listener.SeesAsync("registered", registrations);
        await StopAsync(id);
        await Eventually.Until(() => Actions().Contains(id), () => $"{id}, not {string.Join(" ", Actions())}");
    }

    private IEnumerable<string> Actions() => _listener.Of("action").Select(CommandId);

    private async Task StopAsync(string id)
    {
        await _watcher.SendAsync("command", $$"""{"id":"{{id}}","text":"stop"}""");
        await _watcher.AnswerAsync(id);
    }

    private static string CommandId(JsonElement action) =>
        action.GetProperty("message").GetProperty("commandId").GetString()!;
}
