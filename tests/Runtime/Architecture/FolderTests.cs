namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>
/// The arrows between the folders of a project: who reads a folder needs to know those that it refers to, and none that
/// refers to it.
/// </summary>
public sealed class FolderTests
{
    // Upstream first: each refers to those before it and to no others. A project's own files come last.
    private static readonly Dictionary<string, string[]> Order = new()
    {
        ["Sensors"] =
        [
            "Diagnostics", "Time", "Frames", "Capture", "Microphones", "Synchronization", "Cameras", "GStreamer",
        ],
        ["Fusion"] = ["Inference", "Geometry", "Vision", "Tracking", "Scenes", "Embeddings", "Attention"],
        ["Policy"] = ["Language", "Grounding", "Commands", "Safety", "Actions"],
        ["Runtime"] =
        [
            "Diagnostics", "Yaml", "Files", "Messaging", "Gateway", "Drawing", "Models", "Pipeline", "Http",
            "Configuration", "Hosting", "CommandLine",
        ],
    };

    // What is split off some day, or must not lean on anything.
    private static readonly string[] Leaves =
        ["Sensors.Diagnostics", "Sensors.Time", "Fusion.Inference", "Fusion.Geometry", "Policy.Language",
            "Policy.Safety", "Runtime.Diagnostics", "Runtime.Yaml"];

    private static readonly Dictionary<string, FolderGraph> Graphs = [];

    public static TheoryData<string> Projects => [.. Order.Keys];

    public static TheoryData<string> LeafFolders => [.. Leaves];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_its_place_in_the_order(string project) => Assert.Equal(
        Order[project].Order(),
        Directory.GetDirectories(Path.Combine(Repository.Root, "src", project)).Select(Path.GetFileName)
            .Where(name => name is not ("bin" or "obj")).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_refers_to_those_before_it_only(string project)
    {
        foreach (var reference in Graph(project).References)
        {
            var (from, to) = (Place(project, reference.From), Place(project, reference.To));
            Assert.True(to <= from, $"{reference.From} must not refer to {reference.To}: {reference.Example}");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_form_no_circle(string project)
    {
        AssertNone(project, First);
        // A folder and what is below it belong together; beside that no two of any depth may need each other.
        AssertNone(project, name => name, (from, to) => !Contains(from, to) && !Contains(to, from));
    }

    [Theory]
    [MemberData(nameof(LeafFolders))]
    public void A_leaf_refers_to_no_other_folder(string leaf)
    {
        var folder = $"EdgePerception.{leaf}";
        var project = leaf[..leaf.IndexOf('.', StringComparison.Ordinal)];
        var others =
            Graph(project).References.Where(reference =>
                First(reference.From) == folder && First(reference.To) != folder);
        Assert.Empty(others.Select(reference => $"{reference.To}: {reference.Example}"));
    }

    [Fact]
    public void The_configuration_is_known_to_who_puts_the_service_together_and_to_nobody_else() => Assert.Empty(
        Graph("Runtime").References
            .Where(reference => First(reference.To) == "EdgePerception.Runtime.Configuration"
                && First(reference.From)["EdgePerception.Runtime.".Length..] is not ("Configuration" or "Hosting"
                    or "CommandLine"))
            .Select(reference => $"{reference.From}: {reference.Example}"));

    [Fact]
    public void A_circle_is_seen_whatever_it_is_made_of()
    {
        var graph = FolderGraph.OfTexts(
            ("A.cs", "using House.Yard; namespace House.Kitchen; class A { void M() { this.Extend(); } }"),
            ("B.cs",
                "namespace House.Yard; static class B { public static void Extend(this object o) { } public const int "
                + "Size = House.Attic.C.Size; }"),
            ("C.cs",
                "namespace House.Attic; /// <see cref=\"House.Cellar.D\"/>\nclass C { public const int Size = 1; "
                + "House.Kitchen.A? a; }"),
            ("D.cs", "namespace House.Cellar; class D { House.Kitchen.A? a; }"));
        Assert.Equal(["House.Attic", "House.Kitchen", "House.Yard"], Assert.Single(graph.Circles(name => name)));
        Assert.Contains("House.Kitchen → House.Yard: A.cs names B",
            graph.Describe(["House.Kitchen", "House.Yard"], name => name), StringComparison.Ordinal);
    }

    private static FolderGraph Graph(string project)
    {
        lock (Graphs)
        {
            if (!Graphs.TryGetValue(project, out var graph)) Graphs[project] = graph = FolderGraph.OfProject(project);
            return graph;
        }
    }

    private static void AssertNone(string project, Func<string, string> name, Func<string, string, bool>? counts = null)
    {
        var graph = Graph(project);
        foreach (var circle in graph.Circles(name, counts))
            Assert.Fail(
                $"{string.Join(", ", circle)} refer to each other in a circle:\n{graph.Describe(circle, name)}");
    }

    // EdgePerception.Project.Folder, of any folder below it.
    private static string First(string name) => string.Join('.', name.Split('.').Take(3));

    private static bool Contains(string folder, string other) =>
        other.StartsWith(folder + ".", StringComparison.Ordinal);

    // The files in the project's own folder are above all others.
    private static int Place(string project, string name) => name.Split('.') is [_, _, var folder, ..]
        ? Array.IndexOf(Order[project], folder) : Order[project].Length;
}
