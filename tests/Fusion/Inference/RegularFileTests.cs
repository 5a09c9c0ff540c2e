using System.Diagnostics;
using System.Net.Sockets;
using EdgePerception.Fusion.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _outside = new();

    [Fact]
    public void A_file_is_read_whole_up_to_the_bound_and_refused_beyond_it()
    {
        var path = _folder.Write("a", [1, 2, 3]);
        Assert.Equal([1, 2, 3], RegularFile.ReadAll(path, 3));
        Assert.Equal([], RegularFile.ReadAll(_folder.Write("empty", ""), 0));
        Assert.Equal("is larger than 1 MiB, the most that is read here", Fault(path, mostBytes: 2));
    }

    [Fact]
    public void A_pipe_a_device_a_socket_and_a_folder_are_no_files_and_nobody_waits_for_them()
    {
        var pipe = Path.Combine(_folder.Path, "pipe");
        Process.Start("mkfifo", pipe).WaitForExit();
        Assert.Equal("is a named pipe, not a file", Fault(pipe));
        Assert.Equal("is a device, not a file", Fault("/dev/zero"));
        Assert.Equal("is a device, not a file", Fault(Link("zero", "/dev/zero")));
        Assert.Equal("is a folder, not a file", Fault(_folder.Path));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "s")));
        Assert.Equal("is a socket, not a file", Fault(Path.Combine(_folder.Path, "s")));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("none/a")]
    [InlineData("file/a")]
    [InlineData("dangling")]
    public void What_is_not_there_is_told_apart_from_what_cannot_be_read(string name)
    {
        _folder.Write("file", "");
        Link("dangling", "/nowhere");
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(_folder.Path, name), 1));
    }

    [Fact]
    public void Links_that_lead_in_a_circle_are_told() =>
        Assert.StartsWith("cannot be opened: ", Fault(Link("b", Link("a", Path.Combine(_folder.Path, "b")))),
            StringComparison.Ordinal);

    [Fact]
    public void A_link_that_stays_in_the_folder_is_followed()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "deep"));
        _folder.Write("deep/real", [7]);
        Link("again", "deep/../deep");
        Assert.Equal([7], Within(_folder.Path, Link("near", "deep/real")));
        Assert.Equal([7], Within(_folder.Path, Path.Combine(_folder.Path, "again", "real")));
        // The folder itself may be reached by a link.
        var door = Path.Combine(_outside.Path, "door");
        File.CreateSymbolicLink(door, _folder.Path);
        Assert.Equal([7], Within(door, Path.Combine(door, "near")));
        Assert.Equal([7], Within($"{_folder.Path}/", Path.Combine(_folder.Path, "near")));
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused_wherever_in_the_path_it_is()
    {
        var target = _outside.Write("secret", [7]);
        var problem = $"leads out of {_folder.Path}, to {target}; put the file itself there";
        Assert.Equal(problem, Fault(Link("out", target), within: _folder.Path));
        Assert.Equal(problem, Fault(Link("twice", "out"), within: _folder.Path));
        Link("door", _outside.Path);
        Assert.Equal(problem, Fault(Path.Combine(_folder.Path, "door", "secret"), within: _folder.Path));
        // A folder whose name begins like this one's is another.
        var twin = Directory.CreateDirectory(_folder.Path + "-twin").FullName;
        File.WriteAllBytes(Path.Combine(twin, "secret"), [7]);
        Assert.StartsWith("leads out of ", Fault(Link("near", Path.Combine(twin, "secret")), within: _folder.Path),
            StringComparison.Ordinal);
        Directory.Delete(twin, recursive: true);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    private string Link(string name, string target) =>
        File.CreateSymbolicLink(Path.Combine(_folder.Path, name), target).FullName;

    private static byte[] Within(string folder, string path) => RegularFile.ReadAll(path, 100, folder);

    private static string Fault(string path, long mostBytes = 100, string? within = null) =>
        Assert.Throws<IOException>(() => RegularFile.Open(path, mostBytes, within)).Message;
}
