using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>Metrics and probes of a running service, asked over real HTTP.</summary>
public sealed partial class HttpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_served_with_its_type_and_a_description()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service =
            await StartAsync(Settings.Mqtt(broker.Port), Settings.Synthetic("hall", ", fault: error@5"));
        await Eventually.Until(() => service.Mqtt.Counters.Connections > 0, "a connection to the broker");
        await watcher.SayAsync("f", "follow the person");
        await watcher.SayAsync("s", "stop");
        await broker.KillAsync();

        var dashboard =
            await File.ReadAllTextAsync(Path.Combine(Files.Repository, "deploy", "grafana", "edge-perception.json"));
        string[] wanted = [.. Metric().Matches(dashboard).Select(match => match.Value).Distinct()];
        Assert.InRange(wanted.Length, 15, 100);
        var served = "";
        await Eventually.UntilAsync(async () =>
        {
            served = await _http.GetStringAsync(service.Http + "/metrics");
            return wanted.All(name => Samples(served).Contains(name));
        }, () =>
            $"{string.Join(", ", wanted.Except(Samples(served)))} of the dashboard, among "
            + $"{string.Join(", ", Samples(served))}");

        var families = Family().Matches(served).Select(match => match.Groups[1].Value)
            .Where(name => name != "target_info").ToArray();
        Assert.All(families, name =>
        {
            Assert.StartsWith("edge_perception_", name, StringComparison.Ordinal);
            Assert.Matches($"(?m)^# HELP {name} \\S", served);
        });
        Assert.Contains("# TYPE edge_perception_latency_seconds histogram", served, StringComparison.Ordinal);
        Assert.Contains(
            "# TYPE edge_perception_messaging_payload_bytes_total counter", served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_names_what_is_missing_and_liveness_does_not_depend_on_it()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var service = await StartAsync(Settings.Mqtt(broker.Port));
        await AnswersAsync(service, "/readyz", HttpStatusCode.OK);
        await AnswersAsync(service, "/healthz", HttpStatusCode.OK);
        await broker.KillAsync();
        await AnswersAsync(service, "/readyz", HttpStatusCode.ServiceUnavailable, "mqtt", "mqtt stops");
        await AnswersAsync(service, "/healthz", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_loop_that_hangs_is_not_alive()
    {
        await using var service = await RunningService.StartAsync($$"""
            cameras:
              - { name: front, kind: file, path: {{Files.BlackToWhite(_folder.Path, 10)}} }
            pipeline: { tickTimeoutMs: 200 }
            http: { address: 'http://127.0.0.1:0' }
            {{Settings.HangingDetector(_folder.Path)}}
            """);
        await AnswersAsync(service, "/healthz", HttpStatusCode.OK);
        // White images come, and a run of the model does not end.
        await AnswersAsync(service, "/healthz", HttpStatusCode.ServiceUnavailable, "loop");
    }

    [Fact]
    public async Task Nothing_else_is_served_and_nothing_is_taken()
    {
        await using var service = await StartAsync();
        foreach (var path in (string[])["/", "/metrics/x", "/healthz/../etc/passwd", "/Readyz2", "/favicon.ico"])
            Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri(service.Http + path))).StatusCode);
        foreach (var path in (string[])["/metrics", "/healthz", "/readyz"])
            Assert.Equal(HttpStatusCode.MethodNotAllowed,
                (await _http.PostAsync(new Uri(service.Http + path), null)).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, service.Http + "/metrics");
        request.Headers.Add("X-Long", new string('x', 20_000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await _http.SendAsync(request)).StatusCode);
        // No line for a request.
        Assert.Single(service.Log.Lines, line => line.Text.Contains("http", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_client_in_the_middle_of_a_request_does_not_hold_up_the_end()
    {
        await using var service = await StartAsync();
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, new Uri(service.Http).Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: x\r\n"));
        await service.StopAsync();
        var buffer = new byte[16];
        try
        {
            Assert.Equal(0, await slow.GetStream().ReadAsync(buffer));
        }
        catch (IOException)
        {
            // Reset rather than closed.
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_service_before_it_has_begun()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var result = await RunAsync($"http.address={address}");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal($"edge-perception: http.address: {address} cannot be opened: Address already in use",
            Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("127.0.0.1:9464")]
    [InlineData("https://127.0.0.1:9464")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://robot.local:9464")]
    [InlineData("http://*:9464")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:9464/metrics")]
    [InlineData("http://user:word@127.0.0.1:9464")]
    public async Task What_is_no_address_to_listen_at_is_refused(string address) =>
        (await EdgeProgram.RunAsync("check", "--config", Configuration(), "--set",
            $"http.address={address}")).IsRefusedWith("is not an address to listen at");

    [Fact]
    public async Task An_address_that_the_network_can_reach_is_said()
    {
        var result = await EdgeProgram.RunAsync(
            "check", "--config", Configuration(), "--set", "http.address=http://0.0.0.0:9464");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains(
            result.ErrorLines,
            line =>
                line.StartsWith(
                    "warning: http.address http://0.0.0.0:9464 is open to the network", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_is_named_is_sent_metrics_and_does_not_hold_up_the_end()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        using var program = EdgeProgram.StartWith(
            "OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}",
            "run", "--config", Configuration(), "--quiet", "--duration", "2s");
        using var connection = await collector.AcceptTcpClientAsync();
        var preface = new byte[14];
        await connection.GetStream().ReadExactlyAsync(preface);
        Assert.Equal("PRI * HTTP/2.0", Encoding.ASCII.GetString(preface));
        // It is never answered.
        Assert.Equal(0, (await program.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_collectors_address_that_is_none_is_refused_rather_than_replaced_by_the_default_one()
    {
        using var program = EdgeProgram.StartWith(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "run", "--config", Configuration(), "--quiet");
        (await program.EndAsync()).IsRefusedWith("OTEL_EXPORTER_OTLP_ENDPOINT is not the address of a collector");
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private Task<RunningService> StartAsync(string more = "", string cameras = "") => RunningService.StartAsync(
        $"cameras:\n  - {{ name: front, kind: synthetic, width: 64, height: 48, fps: 120 "
        + $"}}\n{cameras}{Settings.HangingDetector(_folder.Path)}{more}"
        + "http: { address: 'http://127.0.0.1:0' }\n");

    private string Configuration() =>
        _folder.Write(
            "service.yaml", $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}");

    private Task<ProgramResult> RunAsync(string set) =>
        EdgeProgram.RunAsync("run", "--config", Configuration(), "--quiet", "--set", set);

    private async Task AnswersAsync(RunningService service, string path, HttpStatusCode code, params string[] missing)
    {
        var last = "";
        await Eventually.UntilAsync(async () =>
        {
            using var response = await _http.GetAsync(new Uri(service.Http + path));
            last = $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}";
            var faults = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("faults")
                .EnumerateObject().Select(each => each.Name);
            return response.StatusCode == code && faults.SequenceEqual(missing);
        }, () => $"{code} {string.Join(", ", missing)} at {path}; it was {last}");
    }

    private static HashSet<string> Samples(string served) => [.. Sample().Matches(served).Select(match => match.Value)];

    [GeneratedRegex("edge_perception_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("(?m)^edge_perception_[a-z_]+")]
    private static partial Regex Sample();

    [GeneratedRegex("(?m)^# TYPE (\\S+) ")]
    private static partial Regex Family();
}
