using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>One folder's file that names a type of another folder.</summary>
/// <param name="From">The folder that refers, as its namespace.</param>
/// <param name="To">The folder that is referred to, as its namespace.</param>
/// <param name="Example">The file and the type.</param>
internal readonly record struct FolderReference(string From, string To, string Example);

/// <summary>
/// Which folder refers to which, as the compiler sees it: names of types and members, whatever they are imported by.
/// Comments do not count.
/// </summary>
internal sealed class FolderGraph
{
    private readonly List<FolderReference> _references;

    private FolderGraph(IEnumerable<FolderReference> references) => _references = [.. references.Distinct()];

    public IReadOnlyList<FolderReference> References => _references;

    /// <summary>Reads a project's sources; what generators make of them comes out of its assembly.</summary>
    public static FolderGraph OfProject(string project) => Of(
        [
            .. Repository.Sources(project).Select(source => CSharpSyntaxTree.ParseText(
                string.Join('\n', source.Lines), CSharpParseOptions.Default, source.Path)),
        ], $"EdgePerception.{project}.");

    /// <summary>Reads source texts, each with the name of its file.</summary>
    public static FolderGraph OfTexts(params (string File, string Text)[] sources) => Of(
        [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, path: source.File))], "House.");

    /// <summary>
    /// The circles among folders, each folder named by a function of its namespace; empty when there are none.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles(
        Func<string, string> name, Func<string, string, bool>? counts = null)
    {
        var edges = _references.Select(each => (From: name(each.From), To: name(each.To)))
            .Where(edge => edge.From != edge.To && (counts?.Invoke(edge.From, edge.To) ?? true)).ToHashSet();
        var reached =
            edges.Select(edge => edge.From).Distinct().ToDictionary(folder => folder, folder => Reach(folder, edges));
        return
        [
            .. reached.Keys.Where(folder => reached[folder].Contains(folder))
                .GroupBy(folder => string.Join(' ', reached[folder].Where(other => IsBack(other, folder)).Order()))
                .Select(circle => circle.Order().ToList()),
        ];

        bool IsBack(string other, string folder) => reached.TryGetValue(other, out var back) && back.Contains(folder);
    }

    /// <summary>The references between any of some folders, as lines.</summary>
    public string Describe(IEnumerable<string> folders, Func<string, string> name)
    {
        var set = folders.ToHashSet();
        return string.Join('\n', _references
            .Where(each =>
                name(each.From) != name(each.To) && set.Contains(name(each.From)) && set.Contains(name(each.To)))
            .Select(each => $"{each.From} → {each.To}: {each.Example}"));
    }

    private static HashSet<string> Reach(string from, HashSet<(string From, string To)> edges)
    {
        HashSet<string> reached = [];
        Queue<string> next = new([from]);
        while (next.TryDequeue(out var at))
        {
            foreach (var (_, to) in edges.Where(edge => edge.From == at))
            {
                if (reached.Add(to)) next.Enqueue(to);
            }
        }

        return reached;
    }

    private static FolderGraph Of(IReadOnlyList<SyntaxTree> trees, string prefix)
    {
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':');
        var imports = CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; "
            + "global using System.Linq; global using System.Net.Http; global using System.Threading; "
            + "global using System.Threading.Tasks;");
        var compilation = CSharpCompilation.Create(
            "house", [imports, .. trees], assemblies.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        return new FolderGraph(trees.SelectMany(tree => Of(tree, compilation.GetSemanticModel(tree), prefix)));
    }

    private static IEnumerable<FolderReference> Of(SyntaxTree tree, SemanticModel model, string prefix)
    {
        var root = tree.GetRoot();
        if (root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault() is not { } space)
            yield break;
        var from = space.Name.ToString();
        foreach (var name in space.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var info = model.GetSymbolInfo(name);
            if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is not { } symbol) continue;
            var type = symbol as INamedTypeSymbol ?? (symbol as IMethodSymbol)?.ReducedFrom?.ContainingType
                ?? symbol.ContainingType;
            var to = type?.ContainingNamespace?.ToDisplayString() ?? "";
            if (to != from && to.StartsWith(prefix, StringComparison.Ordinal))
                yield return new FolderReference(from, to, $"{Path.GetFileName(tree.FilePath)} names {type!.Name}");
        }
    }
}
