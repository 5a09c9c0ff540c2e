namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file of a project under src, with its lines.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Sources(string project)
    {
        var files =
            Directory.GetFiles(System.IO.Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        return files.Select(file => (System.IO.Path.GetRelativePath(Root, file), File.ReadAllLines(file)));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "EdgePerception.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run within the repository");
    }
}
