using EdgePerception.Runtime.Configuration;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Configuration;

public sealed class StateFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("")]
    [InlineData("not/yet/there")]
    public void A_folder_that_can_be_written_or_made_is_fine_and_left_as_it_was(string below)
    {
        Assert.Null(StateFolder.FaultOf(Path.Combine(_folder.Path, below)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void One_that_cannot_be_written_is_one_line_that_names_it()
    {
        var file = _folder.Write("file", "");
        const string Advice = "make it writable for this user, or give the key another folder";
        Assert.Equal($"stateFolder: {file}/state: {file} is a file; {Advice}", StateFolder.FaultOf($"{file}/state"));
        Assert.Equal(
            $"stateFolder: /proc/state: nothing can be written in /proc; {Advice}", StateFolder.FaultOf("/proc/state"));
        Assert.Contains("give the key a folder", StateFolder.FaultOf(""), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
