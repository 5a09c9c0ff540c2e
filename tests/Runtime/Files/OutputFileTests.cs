using System.Diagnostics;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Files;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Files;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void It_is_not_there_before_it_is_written_and_then_whole()
    {
        var path = At("new");
        var file = OutputFile.At(path);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        file.Write([1, 2, 3]);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        file.Write([4]);
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_link_stays_and_the_file_that_it_leads_to_is_written()
    {
        Directory.CreateDirectory(At("deep"));
        _folder.Write("deep/real", [1]);
        Link("near", "deep/real");
        Link("twice", "near");
        OutputFile.At(At("twice")).Write([2]);
        Assert.Equal([2], File.ReadAllBytes(At("deep/real")));
        Assert.Equal("near", new FileInfo(At("twice")).LinkTarget);
        Assert.Equal("deep/real", new FileInfo(At("near")).LinkTarget);

        Link("dangling", "deep/new");
        OutputFile.At(At("dangling")).Write([3]);
        Assert.Equal([3], File.ReadAllBytes(At("deep/new")));
        Assert.Equal(2, Directory.GetFiles(At("deep")).Length);
    }

    [Fact]
    public void What_is_no_file_is_refused_and_left_as_it_is()
    {
        Process.Start("mkfifo", At("pipe")).WaitForExit();
        Assert.Equal($"{At("pipe")}: is a named pipe, not a file; it is left as it is", Refused(At("pipe")));
        Assert.Equal("/dev/null: is a device, not a file; it is left as it is", Refused("/dev/null"));
        Link("null", "/dev/null");
        Assert.Equal($"{At("null")}: is a device, not a file; it is left as it is", Refused(At("null")));
        Assert.Equal($"{_folder.Path}: is a folder, not a file; it is left as it is", Refused(_folder.Path));
        Link("a", "b");
        Link("b", "a");
        Assert.StartsWith($"{At("a")}: cannot be opened: ", Refused(At("a")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/tmp/")]
    public void A_name_that_names_no_file_is_refused(string path) =>
        Assert.Equal($"'{path}' names no file that could be written", Refused(path));

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        _folder.Write("file", "");
        foreach (var folder in new[] { At("none"), At("none/deeper"), At("file") })
            Assert.Equal($"{folder}/new: there is no folder {folder}; make it first", Refused(folder + "/new"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told_beforehand()
    {
        var fault = Assert.ThrowsAny<Exception>(() => OutputFile.At("/proc/new"));
        Assert.True(fault is UserException or OutputException, $"{fault}");
        Assert.StartsWith("/proc/new: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_it_cannot_be_written_what_was_there_stays_and_no_draft()
    {
        var path = At("new");
        var file = OutputFile.At(path);
        Directory.CreateDirectory(path);
        var fault = Assert.Throws<OutputException>(() => file.Write([1]));
        Assert.StartsWith($"{path}: cannot be written: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", fault.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Only_drafts_are_removed_as_drafts()
    {
        string[] names = ["a.part", ".edge-perception-a", "edge-perception-a.part", "a.png"];
        var others = names.Select(name => _folder.Write(name, "")).ToList();
        _folder.Write(".edge-perception-x1y2.z3a.part", "torn");
        OutputFile.RemoveDrafts(_folder.Path);
        Assert.Equal(others.Order(), Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void Link(string name, string target) => File.CreateSymbolicLink(At(name), target);

    private static string Refused(string path) => Assert.Throws<UserException>(() => OutputFile.At(path)).Message;
}
