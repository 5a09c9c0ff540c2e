using System.Diagnostics;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>A disk of some kilobytes for one program: a file system in memory that only its own processes see.</summary>
internal static class FullDisk
{
    /// <summary>What starts a program with such a disk over a folder, and says at the end on standard error what lies there.</summary>
    public static string[] Over(string folder, int kilobytes) =>
    [
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
        $"mount -t tmpfs -o size={kilobytes}k none '{folder}' || exit 99; \"$@\"; code=$?; echo left: $(ls -A '{folder}') >&2; exit $code", "sh",
    ];

    /// <summary>Whether this machine lets a program have one.</summary>
    public static bool IsAllowed { get; } = Try();

    private static bool Try()
    {
        using var process = Process.Start(new ProcessStartInfo(
            "unshare", ["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that needs a full disk; machines that keep mounts from ordinary users skip it.</summary>
public sealed class FullDiskFactAttribute : FactAttribute
{
    public FullDiskFactAttribute()
    {
        if (!FullDisk.IsAllowed) Skip = "a disk of one's own needs user namespaces, which this machine does not allow";
    }
}
