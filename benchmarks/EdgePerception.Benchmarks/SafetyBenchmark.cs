using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using NetMQ;
using NetMQ.Sockets;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;

namespace EdgePerception.Benchmarks;

/// <summary>
/// What the gate costs at each of its rounds, and how long a halt takes from the call that brings it to a controller's
/// receipt of the stop, beside a bare action through the same sockets.
/// </summary>
internal static class SafetyBenchmark
{
    private const int Rounds = 7;
    private const int Judgements = 200_000;
    private const int Stops = 300;

    public static async Task MeasureAsync(Workbench bench)
    {
        Gate(bench);
        foreach (var library in Enum.GetValues<ZeroMqLibrary>()) await StopAsync(bench, library);
    }

    private static void Gate(Workbench bench)
    {
        var settings = new SafetySettings { ArmAtStart = true, RecoverAfterMs = 0 };
        using var safety = new SafetySupervisor(settings, SensorClock.System);
        List<double> own = [], bytes = [];
        for (var round = 0; round <= Rounds; round++)
        {
            bench.Progress($"gate: round {round} of {Rounds}");
            safety.Decided(SensorClock.System.Monotonic);
            var (before, start, permits) = (GC.GetAllocatedBytesForCurrentThread(), SensorClock.System.Monotonic, 0);
            for (var i = 0; i < Judgements; i++) permits += safety.MayAct ? 1 : 0;
            var time = SensorClock.System.Monotonic - start;
            if (round == 0) continue; // warm-up
            own.Add(time.TotalNanoseconds / Judgements);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Judgements);
        }

        bench.Results.Add(Result.Of("gate", "ns", own, "all inputs read and judged; at most 100,000 are allowed"));
        bench.Results.Add(Result.Of("gate-bytes", "B", bytes, "managed bytes each time"));
    }

    private static async Task StopAsync(Workbench bench, ZeroMqLibrary library)
    {
        var name = $"stop-{library.ToString().ToLowerInvariant()}";
        var options = new ZeroMqSettings { Library = library, Actions = "tcp://127.0.0.1:0", ControllerQueue = 1000 };
        await using var router = new ActionRouter(
            options, "bench", new SafetySettings { LegacyControllers = true }, static () => true, SensorClock.System,
            NullLogger<ActionRouter>.Instance);
        router.Start();
        // Nobody decides here, and a halt for that would be one more.
        var patient = new SafetySettings { DegradeAfterMs = 60_000, HaltAfterMs = 600_000 };
        using var safety = new SafetySupervisor(patient, SensorClock.System);
        safety.Changed += router.DeliverSafety;
        safety.Beat += router.DeliverBeat;
        using var controller = new DealerSocket();
        controller.Connect(router.Endpoint);
        controller.SendFrame(new ControllerMessage { Register = new() { Name = "bench" } }.ToByteArray());
        Receive(controller, ControllerDelivery.BodyOneofCase.Registered);
        safety.Start();
        List<double> own50 = [], own99 = [], other50 = [], other99 = [];
        for (var round = 0; round <= Rounds; round++)
        {
            bench.Progress($"{name}: round {round} of {Rounds}");
            double[] own = [.. Enumerable.Range(0, Stops).Select(_ => Halt(safety, controller)).Order()];
            double[] other = [.. Enumerable.Range(0, Stops).Select(i => Deliver(router, controller, i)).Order()];
            if (round == 0) continue; // warm-up
            own50.Add(own[Stops / 2]);
            own99.Add(own[Stops * 99 / 100]);
            other50.Add(other[Stops / 2]);
            other99.Add(other[Stops * 99 / 100]);
        }

        var note = "from the halting call to a controller's receipt of the stop, TCP; baseline: an action that "
            + $"is handed to the same socket; {Rounds} rounds of {Stops} in turn";
        bench.Results.Add(Result.Of($"{name}-p50", "us", own50, other50, note));
        bench.Results.Add(Result.Of($"{name}-p99", "us", own99, other99, note));
    }

    private static double Halt(SafetySupervisor safety, DealerSocket controller)
    {
        var start = SensorClock.System.Monotonic;
        safety.Halt("a benchmark");
        Receive(controller, ControllerDelivery.BodyOneofCase.Action);
        var time = (SensorClock.System.Monotonic - start).TotalMicroseconds;
        safety.Resume();
        // What is in force after it, so that the next halt is not a repeated one.
        Receive(controller, ControllerDelivery.BodyOneofCase.Safety);
        return time;
    }

    private static double Deliver(ActionRouter router, DealerSocket controller, int number)
    {
        var start = SensorClock.System.Monotonic;
        router.Deliver(new Action { Id = $"bare-{number}", Action_ = ActionKind.Stop }, TimeSpan.MaxValue);
        Receive(controller, ControllerDelivery.BodyOneofCase.Action);
        return (SensorClock.System.Monotonic - start).TotalMicroseconds;
    }

    private static void Receive(DealerSocket controller, ControllerDelivery.BodyOneofCase kind)
    {
        while (true)
        {
            if (!controller.TryReceiveFrameBytes(TimeSpan.FromSeconds(10), out var frame))
                throw new BaselineException($"no {kind} came within 10 s");
            if (ControllerDelivery.Parser.ParseFrom(frame).BodyCase == kind) return;
        }
    }
}
