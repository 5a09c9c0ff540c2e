using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>Examples below a verb's help; a description would repeat them in the list of verbs.</summary>
internal static class Examples
{
    /// <summary>Adds command lines, without the program's name, to the verb's help.</summary>
    public static Command WithExamples(this Command command, params string[] lines)
    {
        command.Options.Add(new HelpOption { Action = new HelpWithExamples(lines) });
        return command;
    }

    private sealed class HelpWithExamples(string[] lines) : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new();

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = _help.Invoke(parseResult);
            Terminal.Output.WriteLine("Examples:");
            foreach (var line in lines) Terminal.Output.WriteLine($"  edge-perception {line}");
            return code;
        }
    }
}
