using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Yaml;

/// <summary>Reads texts as files called <c>robot.yaml</c>, and their faults as lines without the folder.</summary>
internal static class YamlTexts
{
    public static RobotSettings Read(string text, params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        return YamlBinder.Read<RobotSettings>(folder.Write("robot.yaml", text), overrides);
    }

    public static string[] Faults(string text, params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        return Faults(folder.Write("robot.yaml", text), folder, overrides);
    }

    public static string[] Faults(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        return Faults(folder.Write("robot.yaml", bytes), folder);
    }

    public static string Fault(string text, params string[] overrides) => Assert.Single(Faults(text, overrides));

    private static string[] Faults(string path, TemporaryFolder folder, params string[] overrides)
    {
        var e = Assert.Throws<YamlException>(() => YamlBinder.Read<RobotSettings>(path, overrides));
        var lines = e.Faults.Select(fault => fault.ToString().Replace(folder.Path + "/", "")).ToArray();
        Assert.All(lines, line => Assert.Empty(HiddenCharacters.In(line)));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 600));
        return lines;
    }
}
