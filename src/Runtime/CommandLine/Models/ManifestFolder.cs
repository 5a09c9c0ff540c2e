using System.CommandLine;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>The manifests of a folder, found by name.</summary>
/// <param name="path">The folder.</param>
internal sealed class ManifestFolder(string path)
{
    /// <summary>The option that names the folder of manifests.</summary>
    public static Option<string?> Option() =>
        new("--manifests") { Description = "The folder of manifests (default: the program's configs/models)" };

    /// <summary>The option that names the folder of models.</summary>
    public static Option<string?> ModelsOption() =>
        new("--models")
        {
            Description = "The folder that manifests' files are relative to (default: the program's models)",
        };

    /// <summary>The folder that an option names, or the program's own.</summary>
    public static ManifestFolder Of(string? option) =>
        new(option ?? Path.Combine(Installation.Home, "configs", "models"));

    /// <summary>Every manifest, by name.</summary>
    /// <exception cref="UserException">There is no such folder, or no manifest in it.</exception>
    public IReadOnlyList<string> All()
    {
        if (!Directory.Exists(path)) throw new UserException($"{path}: no such folder of manifests");
        var files = Directory.GetFiles(path, "*.yaml");
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? files : throw new UserException($"{path}: holds no manifests (*.yaml)");
    }

    /// <summary>The manifests that are named, or all where none is.</summary>
    /// <exception cref="UserException">One of them is not there.</exception>
    public IReadOnlyList<string> Named(IReadOnlyList<string> names) =>
        names.Count == 0 ? All() : [.. names.Select(Find)];

    /// <summary>The manifest of that name, or the file itself where a file is named, be it there or not.</summary>
    /// <exception cref="UserException">There is none of that name.</exception>
    public string Find(string nameOrFile)
    {
        if (Path.GetExtension(nameOrFile) == ".onnx")
            throw new UserException(
                $"{nameOrFile}: is a model; name its manifest, which 'models inspect {nameOrFile}' writes");
        if (nameOrFile.Contains('/', StringComparison.Ordinal) || Path.GetExtension(nameOrFile) is ".yaml" or ".yml")
            return nameOrFile;
        var all = All();
        return all.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == nameOrFile)
               ?? throw new UserException($"there is no model '{nameOrFile}' in {path}"
                                          + NearestName.Hint(
                                              nameOrFile, all.Select(file => Path.GetFileNameWithoutExtension(file)!)));
    }
}
