using System.Xml.Linq;

namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>
/// References point one way, Runtime → Policy → Fusion → Sensors, so that the reference list is the data flow.
/// </summary>
public sealed class LayeringTests
{
    // Upstream first: each may know those before it and nobody else.
    private static readonly string[] Layers = ["Sensors", "Fusion", "Policy", "Runtime"];

    [Fact]
    public void Every_project_under_src_has_its_place_in_the_order() => Assert.Equal(
        Layers.Order(),
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))
            .Order());

    [Fact]
    public void A_project_refers_to_those_before_it_only()
    {
        foreach (var layer in Layers)
        {
            var references = References(layer);
            Assert.True(
                references.All(name =>
                    Array.IndexOf(Layers, name) is >= 0 and var at && at < Array.IndexOf(Layers, layer)),
                $"{layer} refers to {string.Join(", ", references)}; references point from Runtime over Policy and "
                + "Fusion to Sensors");
        }
    }

    [Fact]
    public void Each_project_refers_to_its_neighbour() => Assert.Equal(
        ["Sensors", "Fusion", "Policy"], Layers.Skip(1).Select(layer => Assert.Single(References(layer))));

    [Fact]
    public void What_was_compiled_refers_to_nothing_else_either()
    {
        var runtime = typeof(Program).Assembly;
        Assert.Equal(["Fusion", "Policy", "Sensors"], Ours(runtime));
        Assert.Equal(["Fusion", "Sensors"], Ours(typeof(Policy.Language.CommandParser).Assembly));
        Assert.Equal(["Sensors"], Ours(typeof(Fusion.Scenes.Scene).Assembly));
        Assert.Empty(Ours(typeof(Sensors.Frames.Frame).Assembly));
    }

    [Fact]
    public void Namespaces_follow_the_folders()
    {
        foreach (var (path, lines) in Layers.SelectMany(Repository.Sources))
        {
            if (Array.Find(lines, line => line.StartsWith("namespace ", StringComparison.Ordinal)) is not { } line)
                continue;
            var folder =
                Path.GetDirectoryName(Path.GetRelativePath("src", path))!.Replace(Path.DirectorySeparatorChar, '.');
            Assert.True(line == $"namespace EdgePerception.{folder};", $"{path}: {line}");
        }
    }

    private static IEnumerable<string> Ours(System.Reflection.Assembly assembly) => assembly.GetReferencedAssemblies()
        .Select(name => name.Name!).Where(name => name.StartsWith("EdgePerception.", StringComparison.Ordinal))
        .Select(name => name["EdgePerception.".Length..]).Order();

    private static List<string> References(string layer)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", layer, $"EdgePerception.{layer}.csproj"));
        return
        [
            .. project.Descendants("ProjectReference")
                .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
                .Select(path => Path.GetFileNameWithoutExtension(path)["EdgePerception.".Length..]),
        ];
    }
}
