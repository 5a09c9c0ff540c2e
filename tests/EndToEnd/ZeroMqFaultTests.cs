using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>A subscriber and controller in a process of its own is killed and comes back.</summary>
public sealed class ZeroMqFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_subscriber_and_controller_that_is_killed_disturbs_nobody_and_is_served_again()
    {
        await using var service = await StartAsync();
        using var steady = new PythonListener(service.ZeroMq.Endpoint, service.Actions, "base");
        await steady.SeesAsync("registered");
        await steady.SeesAsync("scene");
        using (var arm = new PythonListener(service.ZeroMq.Endpoint, service.Actions, "arm"))
        {
            await arm.SeesAsync("registered");
            await arm.SeesAsync("scene", 5);
            arm.Kill();
        }

        await steady.SeesAsync("scene", steady.Of("scene").Count + 20);
        service.Safety.Halt("a test", "first");
        await Eventually.Until(() => Actions(steady).Contains("first"), "the stop at the one that stayed");

        using var back = new PythonListener(service.ZeroMq.Endpoint, service.Actions, "arm");
        await back.SeesAsync("registered");
        await back.SeesAsync("scene", 5);
        // Whoever registers is told at once where the robot stands.
        await back.SeesAsync("safety");
        Assert.Equal("halt", back.Of("safety")[0].GetProperty("message").GetProperty("level").GetString());
        service.Safety.Halt("a test", "second");
        await Eventually.Until(() => Actions(back).Contains("second"), "the stop at the one that came back");
        await Eventually.Until(() => Actions(steady).Contains("second"), "the stop at the one that stayed");
        // Two registrations, and an acknowledgement of each stop from whoever was sent it.
        await Eventually.Until(() => service.Controllers.Counters.Received >= 3 + 3, "acknowledgements");
        // An action is an order of the moment: nobody gets the one that was given while it was away.
        Assert.DoesNotContain("first", Actions(back));
        await service.StopAsync();
    }

    [Fact]
    public async Task Numbers_of_a_topic_rise_by_one_for_whoever_listens()
    {
        await using var service = await StartAsync();
        using var listener = new PythonListener(service.ZeroMq.Endpoint, service.Actions, "base");
        await listener.SeesAsync("scene", 10);
        await listener.SeesAsync("detections.front", 10);
        foreach (var topic in new[] { "scene", "detections.front" })
        {
            var numbers = listener.Of(topic).Select(line => line.GetProperty("sequence").GetInt64()).ToList();
            Assert.Equal(Enumerable.Range(0, numbers.Count).Select(i => numbers[0] + i), numbers);
        }
    }

    [Fact]
    public async Task Without_anybody_listening_the_service_runs_and_its_controllers_get_later_orders()
    {
        await using var service = await StartAsync();
        service.Safety.Halt("a test", "unheard");
        service.Safety.Resume();
        await Eventually.Until(() => service.Safety.State.Level == SafetyLevel.Act, "the way back");
        using var controller = new TestController(service.Actions);
        controller.Register("late");
        await controller.NextAsync(BodyOneofCase.Registered);
        service.Safety.Halt("a test", "heard");
        // An earlier stop that is not too old reaches a late controller as well.
        while ((await controller.NextAsync(BodyOneofCase.Action)).Action.CommandId != "heard")
        {
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task<RunningService> StartAsync()
    {
        var service = await RunningService.StartAsync(
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{Settings.ZeroMq}"
            + "safety: { degradeAfterMs: 20000, haltAfterMs: 60000 }\n");
        await service.MayActAsync();
        Assert.IsType<ZeroMqPublisher>(service.ZeroMq);
        return service;
    }

    private static List<string> Actions(PythonListener listener) =>
        [.. listener.Of("action").Select(line => line.GetProperty("message").GetProperty("commandId").GetString()!)];
}
