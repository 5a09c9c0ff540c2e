using System.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>The mark on a real disk, with what may lie in its place.</summary>
public sealed class SafetyMarkFileTests : IDisposable
{
    private static readonly SafetyMark Ended = new(SafetyMarkState.Ended);
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "safety-robot.json");

    private SafetyMarkFile Mark => new(_folder.Path, "robot");

    [Fact]
    public void Where_no_run_began_there_is_no_mark_and_the_folder_is_made()
    {
        var below = new SafetyMarkFile(System.IO.Path.Combine(_folder.Path, "not", "yet"), "robot");
        Assert.Null(below.Read());
        below.Write(Ended);
        Assert.Equal(Ended, below.Read());
        Assert.Equal(["safety-robot.json"], Names(System.IO.Path.Combine(_folder.Path, "not", "yet")));
    }

    [Fact]
    public void Each_device_has_its_own()
    {
        Mark.Write(Ended);
        Assert.Null(new SafetyMarkFile(_folder.Path, "other").Read());
        File.Copy(Path, System.IO.Path.Combine(_folder.Path, "safety-other.json"));
        var foreign = new SafetyMarkFile(_folder.Path, "other");
        Assert.EndsWith(
            "safety-other.json is of device 'robot'", Fault(() => foreign.Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_cut_left_beside_the_mark_does_no_harm()
    {
        Mark.Write(Ended);
        _folder.Write("safety-robot.json.part", "{\"version\":1,");
        Assert.Equal(Ended, Mark.Read());
        var running = new SafetyMark(SafetyMarkState.Running);
        Mark.Write(running);
        Assert.Equal(running, Mark.Read());
        Assert.Equal(["safety-robot.json"], Names(_folder.Path));
    }

    [Fact]
    public void A_first_run_that_was_cut_while_it_wrote_did_not_end_in_order()
    {
        _folder.Write("safety-robot.json.part", "");
        Assert.Equal(new SafetyMark(SafetyMarkState.Running), Mark.Read());
    }

    [Fact]
    public void What_is_in_its_place_is_refused_and_never_waited_for()
    {
        Directory.CreateDirectory(Path);
        Assert.EndsWith("is a folder, not a file", Fault(() => Mark.Read()), StringComparison.Ordinal);
        Assert.StartsWith($"{Path}: ", Fault(() => Mark.Write(Ended)), StringComparison.Ordinal);
        Directory.Delete(Path);
        File.Delete(Path + ".part");

        Pipe(Path);
        Pipe(Path + ".part");
        Assert.EndsWith("is a named pipe, not a file", Fault(() => Mark.Read()), StringComparison.Ordinal);
        Mark.Write(Ended);
        Assert.Equal(Ended, Mark.Read());

        File.WriteAllText(Path, "");
        Assert.EndsWith("is damaged", Fault(() => Mark.Read()), StringComparison.Ordinal);
        using (var huge = File.OpenWrite(Path)) huge.SetLength(1L << 40);
        Assert.EndsWith(
            "is larger than 1 MiB, the most that is read here", Fault(() => Mark.Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_folders_place_no_folder_and_one_that_takes_nothing_are_said()
    {
        var file = _folder.Write("file", "");
        var within = new SafetyMarkFile(file, "robot");
        Assert.Null(within.Read());
        Assert.StartsWith(
            $"{file}/safety-robot.json: ", Fault(() => within.Write(Ended)),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "/proc/safety-robot.json: ",
            Fault(() => new SafetyMarkFile("/proc", "robot").Write(Ended)), StringComparison.Ordinal);
        Assert.Equal(
            "no state folder is known; give the key stateFolder one",
            Fault(() => new SafetyMarkFile("", "robot").Write(Ended)));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => System.IO.Path.GetFileName(path))];

    private static string Fault(Action work) => Assert.Throws<IOException>(work).Message;

    private static void Pipe(string path)
    {
        using var process = Process.Start("mkfifo", path);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
