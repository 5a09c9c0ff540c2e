using EdgePerception.Runtime.Drawing;
using EdgePerception.Tests.Support;
using SkiaSharp;

namespace EdgePerception.Runtime.Tests.Drawing;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Where_there_are_too_many_the_oldest_goes()
    {
        var folder = Open(images: 2);
        Assert.Equal([0, 0, 1, 1], new[] { "a", "b", "c", "d" }.Select(name => Add(folder, name, 10)));
        Assert.Equal((2, 20), (folder.Count, folder.Bytes));
        Assert.Equal(["c", "d"], Kept());
    }

    [Fact]
    public void Where_they_are_too_large_as_many_of_the_oldest_go_as_it_takes()
    {
        var folder = Open(bytes: 100);
        foreach (var name in new[] { "a", "b", "c" }) Add(folder, name, 30);
        Assert.Equal(2, Add(folder, "d", 70));
        Assert.Equal((2, 100), (folder.Count, folder.Bytes));
        Assert.Equal(["c", "d"], Kept());
        Assert.Equal(2, Add(folder, "e", 100));
        Assert.Equal(["e"], Kept());
    }

    [Fact]
    public void One_that_is_larger_than_all_may_be_costs_no_other()
    {
        var folder = Open(bytes: 100);
        Add(folder, "a", 100);
        foreach (var name in new[] { "a", "b" })
        {
            var fault = Assert.Throws<IOException>(() => Add(folder, name, 101));
            Assert.Contains("101 bytes", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["a"], Kept());
    }

    [Fact]
    public void The_same_name_again_takes_no_room_from_others_and_is_the_newest_then()
    {
        var folder = Open(images: 2, bytes: 100);
        Add(folder, "a", 50);
        Add(folder, "b", 50);
        Assert.Equal(0, Add(folder, "a", 40));
        Assert.Equal((2, 90), (folder.Count, folder.Bytes));
        Assert.Equal(1, Add(folder, "c", 50));
        Assert.Equal(["a", "c"], Kept());
    }

    [Fact]
    public void The_bounds_hold_over_restarts_by_the_time_of_writing()
    {
        var folder = Open(images: 3);
        foreach (var (name, age) in new[] { ("z", 3), ("m", 1), ("a", 2) })
        {
            Add(folder, name, 10);
            File.SetLastWriteTimeUtc(PathOf(name), DateTime.UnixEpoch.AddDays(100 - age));
        }

        var next = Open(images: 3);
        Assert.Equal((3, 30), (next.Count, next.Bytes));
        Add(next, "b", 10);
        Assert.Equal(["a", "b", "m"], Kept());
        // Smaller bounds than those of the run before hold from the next image on.
        Add(Open(images: 3, bytes: 20), "c", 10);
        Assert.Equal(["b", "c"], Kept());
    }

    [Fact]
    public void What_others_put_there_is_neither_counted_nor_removed_nor_written_over()
    {
        string[] names = ["a.png", "holiday.jpg", "grounded.png.txt", "a.part"];
        var theirs = names.ToDictionary(name => name, name => _folder.Write(name, "theirs"));
        File.CreateSymbolicLink(PathOf("link"), theirs["holiday.jpg"]);
        Directory.CreateDirectory(PathOf("folder"));
        var folder = Open(images: 1, bytes: 10);
        Assert.Equal((0, 0), (folder.Count, folder.Bytes));
        Add(folder, "a", 10);
        Add(folder, "b", 10);
        Assert.All(theirs.Values, file => Assert.Equal("theirs", File.ReadAllText(file)));
        Assert.True(File.Exists(PathOf("link")) && Directory.Exists(PathOf("folder")));
        Assert.False(File.Exists(PathOf("a")));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_goes_at_the_next_start()
    {
        _folder.Write(".edge-perception-abc.def.part", "half");
        Open();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void One_that_somebody_removed_does_no_harm()
    {
        var folder = Open(images: 1);
        Add(folder, "a", 10);
        File.Delete(PathOf("a"));
        Assert.Equal(1, Add(folder, "b", 10));
        Assert.Equal(["b"], Kept());
    }

    [Fact]
    public void When_one_cannot_be_written_the_books_are_right_all_the_same()
    {
        var folder = Open(images: 2);
        Add(folder, "a", 10);
        Directory.CreateDirectory(PathOf("b"));
        Assert.ThrowsAny<Exception>(() => Add(folder, "b", 10));
        Assert.Equal((1, 10), (folder.Count, folder.Bytes));
        Assert.Equal(0, Add(folder, "c", 10));
    }

    public void Dispose() => _folder.Dispose();

    private ImageFolder Open(int images = 100, long bytes = 1_000_000) => new(_folder.Path, images, bytes);

    private static int Add(ImageFolder folder, string name, int bytes)
    {
        using var image = SKData.CreateCopy(new byte[bytes]);
        return folder.Add(name, image);
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, $"{name}.grounded.png");

    private IEnumerable<string> Kept() =>
        Directory.GetFiles(_folder.Path).Select(file => Path.GetFileName(file).Split('.')[0]).Order();
}
