using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>Whose endpoint it is: what is taken is told in one line, and nothing of others is ever removed.</summary>
public sealed class GateListenerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("ipc://@edge-perception-taken")]
    [InlineData("ipc://§/s")]
    public void An_endpoint_that_is_taken_is_one_clear_line(string endpoint)
    {
        using var holder = GateListener.Listen(endpoint.Replace("§", _folder.Path, StringComparison.Ordinal));
        Assert.Equal(
            $"cannot bind {holder.Endpoint}: Address already in use; another service may hold it, "
            + "choose another endpoint or end that one",
            Fault(holder.Endpoint));
    }

    [Fact]
    public void The_socket_s_file_is_for_this_user_only_and_goes_at_the_end()
    {
        var path = Path.Combine(_folder.Path, "s");
        using (GateListener.Listen($"ipc://{path}"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public void A_socket_that_nobody_answers_at_is_replaced_and_one_taken_over_meanwhile_stays()
    {
        var path = Path.Combine(_folder.Path, "s");
        using (GateListener.Listen($"ipc://{path}.dead")) File.Move(path + ".dead", path);
        Assert.True(Path.Exists(path));
        var first = GateListener.Listen($"ipc://{path}");
        File.Move(path, path + ".old");
        var second = GateListener.Listen($"ipc://{path}");
        first.Dispose();
        Assert.True(Path.Exists(path));
        second.Dispose();
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public void What_is_no_socket_is_left_alone()
    {
        var file = _folder.Write("precious", "keep me");
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, file);
        foreach (var path in new[] { file, link, _folder.Path })
        {
            Assert.Equal(
                $"cannot bind ipc://{path}: what is there is no socket; choose another endpoint or remove it",
                Fault($"ipc://{path}"));
        }

        Assert.Equal("keep me", File.ReadAllText(link));
        const string Nowhere = "ipc:///nonexistent/x";
        Assert.Contains($"{Nowhere}: No such file or directory;", Fault(Nowhere), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://localhost:1")]
    [InlineData("ipc://relative")]
    [InlineData("inproc://x")]
    public void What_is_no_endpoint_is_one_clear_line(string endpoint) =>
        Assert.Contains("is not an endpoint", Fault(endpoint), StringComparison.Ordinal);

    [Fact]
    public void A_path_that_the_system_has_no_room_for_is_one_clear_line() =>
        What_is_no_endpoint_is_one_clear_line($"ipc://{_folder.Path}/{new string('x', 108)}");

    private static string Fault(string endpoint) =>
        Assert.Throws<MessagingException>(() => GateListener.Listen(endpoint)).Message;
}
