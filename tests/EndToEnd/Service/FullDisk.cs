using System.Diagnostics;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>A disk of some kilobytes for one program: a file system in memory that it alone sees.</summary>
internal static class FullDisk
{
    private static readonly string[] Unshare = ["--user", "--map-root-user", "--mount"];

    /// <summary>Whether this machine lets a program have one.</summary>
    public static bool IsAllowed { get; } = Try();

    /// <summary>
    /// What starts a program with such a disk over a folder, and says at the end on standard error what lies there.
    /// </summary>
    public static string[] Over(string folder, int kilobytes)
    {
        var script = $"""
            mount -t tmpfs -o size={kilobytes}k none '{folder}' || exit 99
            "$@" &
            child=$!
            trap 'kill "$child"' TERM
            wait "$child"
            code=$?
            # A signal ends the wait and not the program.
            while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
            echo left: $(ls -A '{folder}') >&2
            exit $code
            """;
        return ["unshare", .. Unshare, "sh", "-c", script, "sh"];
    }

    private static bool Try()
    {
        string[] mount = [.. Unshare, "mount", "-t", "tmpfs", "none", "/mnt"];
        using var process = Process.Start(new ProcessStartInfo("unshare", mount) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that needs a full disk; machines that keep mounts from ordinary users skip it.</summary>
public sealed class FullDiskFactAttribute : FactAttribute
{
    public FullDiskFactAttribute()
    {
        if (!FullDisk.IsAllowed)
            Skip = "a disk of one's own needs user namespaces, which this machine does not allow";
    }
}
