using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Engines;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>
/// What takes TensorRT's place in a process of its own: the real builder on the real cache, whose engine is made by
/// what the test says over a socket, one order a line, each answered when it was obeyed.
/// </summary>
internal static class BuilderStandIn
{
    public static int Run(string port, string cache, string keyFile)
    {
        using var socket = new TcpClient();
        socket.Connect(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        using var orders = new StreamReader(socket.GetStream());
        using var answers = new StreamWriter(socket.GetStream()) { AutoFlush = true };
        var key = JsonSerializer.Deserialize<EngineKey>(File.ReadAllText(keyFile))!;
        try
        {
            EngineBuilder.Build(new EngineCache(cache), key, Tell, TimeProvider.System, draft =>
            {
                while (orders.ReadLine() is { } order && order != "finish")
                {
                    Obey(order.Split(' ', 3), draft);
                    answers.WriteLine("done");
                }
            });
            return 0;
        }
        catch (ModelException e)
        {
            Console.Error.WriteLine($"edge-perception: {e.Message}");
            return 2;
        }
    }

    private static void Tell(EnginePhase phase)
    {
        Console.WriteLine(
            $$"""{"name":"test","state":"building","elapsedS":0.5,"detail":"{{EnginePhaseLine.Name(phase)}}"}""");
        Console.Out.Flush();
    }

    private static void Obey(string[] order, EngineDraft draft)
    {
        switch (order)
        {
            case ["write", var name, var text]:
                File.WriteAllText(Path.Combine(draft.Folder, name), text);
                break;
            case ["say", .. var words]:
                Console.WriteLine(string.Join(' ', words));
                break;
            case ["babble", var count]:
                var rubbish = new string('\u00e9', int.Parse(count, CultureInfo.InvariantCulture));
                Console.Out.Write(rubbish);
                Console.Error.Write(rubbish);
                break;
            case ["child", var pidFile]:
                using (var child = Process.Start("sleep", "1000"))
                    File.WriteAllText(pidFile, child.Id.ToString(CultureInfo.InvariantCulture));
                break;
            case ["pid", var file]:
                File.WriteAllText(file, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                break;
            case ["fail", .. var words]:
                throw new ModelException(string.Join(' ', words));
            case ["crash"]:
                Environment.FailFast("as TensorRT would");
                break;
        }
    }
}
