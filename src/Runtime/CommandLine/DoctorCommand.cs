using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.GStreamer;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>doctor</c>: what this machine has, what it lacks, and how to get it.</summary>
internal static class DoctorCommand
{
    private enum Verdict
    {
        Fine,
        Optional,
        Missing,
    }

    private sealed record Finding(string Subject, Verdict Verdict, string Detail);

    public static Command Create()
    {
        var command = new Command("doctor", "Say what this machine has, what is missing, and how to get it");
        command.SetAction(_ =>
        {
            var findings = Examine().ToList();
            foreach (var finding in findings)
            {
                var (sign, color) = Mark(finding.Verdict);
                Terminal.Output.WriteLine(sign, color, $" {finding.Subject,-14} {finding.Detail}");
            }

            var missing = findings.Count(finding => finding.Verdict == Verdict.Missing);
            Terminal.Output.WriteLine(missing == 0 ? "everything that is needed is here"
                : $"{missing} missing; see above how to get it");
            return missing == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static IEnumerable<Finding> Examine()
    {
        yield return new Finding(
            "program", Verdict.Fine,
            $"edge-perception {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)} on "
            + $"{RuntimeInformation.FrameworkDescription}");
        yield return new Finding(
            "machine", Verdict.Fine,
            $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}, "
            + $"{Environment.ProcessorCount} cores{Board()}");
        if (PowerMode() is { } power) yield return new Finding("power mode", Verdict.Fine, power);
        yield return OnnxRuntime();
        yield return Provider(ExecutionProvider.Tensorrt);
        yield return Provider(ExecutionProvider.Cuda);
        yield return GStreamerLibrary.TryLoad(out var version, out var fault)
            ? new Finding("GStreamer", Verdict.Fine, version)
            : new Finding("GStreamer", Verdict.Missing, fault);
        yield return Library(
            "libzmq", LibZmq.File, $"only zeromq.library: libzmq needs it: {LibZmq.Remedy}", Verdict.Optional);
        yield return Model("detector", Installation.DetectorManifest);
        yield return Model("encoder", Installation.Grounding.Encoder);
        yield return Urgency();
        yield return Devices(
            "cameras", "video*", "none under /dev; files, test patterns and network cameras work without");
        yield return Devices(
            "sound cards", "snd/pcm*c", "none under /dev; files and network cameras bring their own sound");
    }

    private static Finding Urgency()
    {
        var granted = ThreadUrgency.Granted();
        return ThreadUrgency.IsBest(granted)
            ? new Finding("urgency", Verdict.Fine, $"{granted} for the threads of the way to a stop")
            : new Finding(
                "urgency", Verdict.Optional,
                $"{granted} for the threads of the way to a stop, which busy cores delay; {ThreadUrgency.Remedy}");
    }

    private static Finding Model(string subject, string manifest)
    {
        var file =
            Path.Combine(Installation.ModelsFolder, "fetched", Path.GetFileNameWithoutExtension(manifest) + ".onnx");
        return File.Exists(file)
            ? new Finding(subject, Verdict.Fine, file)
            : new Finding(subject, Verdict.Missing, $"{file} is not there: eng/setup.sh runtime fetches it");
    }

    private static Finding OnnxRuntime()
    {
        try
        {
            return new Finding("ONNX Runtime", Verdict.Fine, OnnxRuntimeLibrary.Description);
        }
        catch (ModelException e)
        {
            return new Finding("ONNX Runtime", Verdict.Missing, e.Message);
        }
    }

    private static Finding Provider(ExecutionProvider provider)
    {
        try
        {
            return ExecutionProviders.Missing(provider) is { } missing
                ? new Finding(
                    ExecutionProviders.Name(provider), Verdict.Optional, $"{missing}; models run on the next provider")
                : new Finding(ExecutionProviders.Name(provider), Verdict.Fine, "its provider library loads");
        }
        catch (ModelException)
        {
            return new Finding(ExecutionProviders.Name(provider), Verdict.Optional, "needs ONNX Runtime, see above");
        }
    }

    private static Finding Library(string name, string file, string remedy, Verdict without = Verdict.Missing)
    {
        if (!NativeLibrary.TryLoad(file, out var handle)) return new Finding(name, without, remedy);
        NativeLibrary.Free(handle);
        return new Finding(name, Verdict.Fine, file);
    }

    private static Finding Devices(string name, string pattern, string none)
    {
        var folder = Path.Combine("/dev", Path.GetDirectoryName(pattern)!);
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, Path.GetFileName(pattern)) : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? new Finding(name, Verdict.Fine, string.Join(", ", files))
            : new Finding(name, Verdict.Optional, none);
    }

    private static string Board()
    {
        const string File = "/proc/device-tree/model";
        return System.IO.File.Exists(File) ? ", " + System.IO.File.ReadAllText(File).TrimEnd('\0', '\n') : "";
    }

    // On a Jetson nvpmodel keeps the chosen mode there; elsewhere the kernel's governor is the nearest thing.
    private static string? PowerMode()
    {
        const string Jetson = "/var/lib/nvpmodel/status",
            Governor = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
        if (File.Exists(Jetson)) return File.ReadAllText(Jetson).Trim();
        return File.Exists(Governor) ? $"governor {File.ReadAllText(Governor).Trim()}" : null;
    }

    private static (string Sign, int Color) Mark(Verdict verdict) => verdict switch
    {
        Verdict.Fine => ("ok     ", 32),
        Verdict.Optional => ("absent ", 33),
        _ => ("MISSING", 31),
    };
}
