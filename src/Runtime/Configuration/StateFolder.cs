namespace EdgePerception.Runtime.Configuration;

/// <summary>The folder of what is to outlive a restart.</summary>
public static class StateFolder
{
    /// <summary>
    /// Where it lies when the configuration names none: what systemd gives the service (<c>StateDirectory=</c>),
    /// otherwise <c>edge-perception</c> in the user's folder for state. Empty when the environment names neither.
    /// </summary>
    public static string Default
    {
        get
        {
            // Of several directories of a unit the first.
            if (Value("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } given) return given;
            if (Value("XDG_STATE_HOME") is { } user) return Path.Combine(user, "edge-perception");
            return Value("HOME") is { } home ? Path.Combine(home, ".local", "state", "edge-perception") : "";
        }
    }

    /// <summary>
    /// Why a folder cannot hold state, one line; null if it can. Leaves nothing behind, nor makes the folder.
    /// </summary>
    /// <param name="folder">An absolute path, or empty.</param>
    public static string? FaultOf(string folder)
    {
        if (folder.Length == 0)
            return "stateFolder: neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME says where; give the key a folder";
        // A folder that is not there yet is made below the nearest one that is.
        var place = folder;
        while (!Path.Exists(place) && Path.GetDirectoryName(place) is { } above) place = above;
        var probe = Path.Combine(place, $".edge-perception-{Guid.NewGuid():N}");
        try
        {
            using (var file = File.Create(probe, 1, FileOptions.DeleteOnClose)) file.Write(new byte[4096]);
            return null;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason = File.Exists(place) ? $"{place} is a file" : $"nothing can be written in {place}";
            return $"stateFolder: {folder}: {reason}; make it writable for this user, or give the key another folder";
        }
    }

    // The specification says that a path which is not absolute is passed over.
    private static string? Value(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && Path.IsPathFullyQualified(value) ? value : null;
}
