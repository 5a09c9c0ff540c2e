using System.Diagnostics;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>This very program, for another process of it.</summary>
internal static class ThisProgram
{
    /// <summary>How to start it; not started. Run by dotnet, the program is dotnet's first argument.</summary>
    /// <param name="before">
    /// What goes before the program on the command line, such as <c>nice</c> and its arguments.
    /// </param>
    /// <param name="arguments">The verb and its arguments.</param>
    public static ProcessStartInfo Start(IReadOnlyList<string> before, IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath!;
        string[] command = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [.. before, program, Path.Combine(AppContext.BaseDirectory, "EdgePerception.Runtime.dll"), .. arguments]
            : [.. before, program, .. arguments];
        return new ProcessStartInfo(command[0], command[1..]);
    }
}
