using System.Text;
using EdgePerception.Fusion.Inference;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace EdgePerception.Runtime.Yaml;

/// <summary>
/// Loads the one document of a YAML file. Size and depth are bounded and aliases refused, so that no file, however it
/// was made, costs more than its length.
/// </summary>
internal static class YamlFile
{
    /// <summary>How many values may lie within each other.</summary>
    public const int MaxDepth = 16;

    /// <summary>How long a file may be.</summary>
    public const int MaxFileBytes = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The keys and values at the top of the file; none for a file without any.</summary>
    /// <exception cref="YamlException">The file cannot be read, or is no YAML of keys with values.</exception>
    public static YamlMappingNode Load(string file)
    {
        var text = ReadText(file);
        var stream = new YamlStream();
        var scanner = new Scanner(new StringReader(text));
        try
        {
            stream.Load(new BoundedParser(new Parser(scanner), file));
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            // A tab is told at the beginning of the mapping that it stands in; the scanner still stands at the tab.
            var line = e.Message.Contains("invalid tab", StringComparison.Ordinal) ? scanner.CurrentPosition.Line
                : e.Start.Line;
            throw Fault(file, (int)line, $"not valid YAML: {(e.InnerException ?? e).Message}");
        }
        catch (Exception e)
            when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The parser's checks of itself, which some texts trip; they speak of its code, not of the text.
            throw Fault(file, (int)scanner.CurrentPosition.Line,
                "not valid YAML: something here or before is not closed or out of place");
        }

        if (stream.Documents.Count == 0) return new YamlMappingNode();
        return stream.Documents[0].RootNode switch
        {
            YamlMappingNode mapping => mapping,
            YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" } => new YamlMappingNode(),
            _ => throw Fault(file, 1, "expected keys with values (key: value) at the top of the file"),
        };
    }

    private static string ReadText(string file)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAll(file, MaxFileBytes);
        }
        catch (IOException e)
        {
            throw Fault(file, 0, e.Message);
        }

        try
        {
            return StrictUtf8.GetString(bytes).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            throw Fault(file, 0, "is not text in UTF-8");
        }
    }

    private static YamlException Fault(string file, int line, string problem) =>
        new([new YamlFault(file, line, "", problem)]);

    // Stands before the loader, which recurses as deep as the file nests.
    private sealed class BoundedParser(Parser parser, string file) : IParser
    {
        // The stream and its document count as well.
        private int _depth = -2;
        private int _documents;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            if (!parser.MoveNext()) return false;
            var current = parser.Current!;
            _depth += current.NestingIncrease;
            if (_depth > MaxDepth) throw Refuse("nested too deeply");
            if (current is AnchorAlias alias)
                throw Refuse($"aliases (*{alias.Value}) are not read here; write the value out");
            if (current is DocumentStart && ++_documents > 1)
                throw Refuse("a second document ('---') begins here; one file holds one");
            return true;

            YamlException Refuse(string problem) => Fault(file, (int)current.Start.Line, problem);
        }
    }
}
