using System.Net.Sockets;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>An <c>ipc://</c> path is taken when it is free, and left as it is when it is not.</summary>
public sealed class UnixSocketFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string SocketPath => Path.Combine(_folder.Path, "publish");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_socket_in_use_is_refused_and_goes_on_being_served()
    {
        await using var first = Start();
        await using var second = Publisher();
        Assert.Equal(
            $"zeromq.publish: cannot bind ipc://{SocketPath}: another service holds it; "
            + "choose another endpoint or end that one",
            Assert.Throws<MessagingException>(second.Start).Message);
        await using var subscriber = await ZeroMqSubscriber.StartAsync(first, "");
    }

    [Fact]
    public void Another_programs_socket_is_refused_and_stays()
    {
        using var other = Listen();
        Assert.Contains("another program listens there", Fault(), StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
    }

    [Fact]
    public void A_socket_whose_queue_is_full_is_one_that_is_listened_at()
    {
        using var other = Listen(backlog: 0);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        Assert.Contains("another program listens there", Fault(), StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public async Task The_socket_of_a_service_that_was_killed_is_taken_away()
    {
        // A socket's file stays when its descriptor alone is closed, as when a process is killed.
        var killed = UnixSocketFile.Listen(SocketPath);
        using (new SafeSocketHandle(killed.HandOver(), ownsHandle: true))
        {
        }

        File.Move(SocketPath, SocketPath + ".kept");
        killed.Dispose();
        File.Move(SocketPath + ".kept", SocketPath);
        await using var publisher = Start();
        await using var subscriber = await ZeroMqSubscriber.StartAsync(publisher, "");
    }

    [Fact]
    public void What_is_no_socket_is_refused_and_untouched()
    {
        File.WriteAllText(SocketPath, "a diary");
        Assert.Contains("a file lies there, which stays untouched", Fault(), StringComparison.Ordinal);
        Assert.Equal("a diary", File.ReadAllText(SocketPath));
        File.Delete(SocketPath);
        File.CreateSymbolicLink(SocketPath, "/etc/hostname");
        Assert.Contains("a link lies there", Fault(), StringComparison.Ordinal);
        Assert.Equal("/etc/hostname", new FileInfo(SocketPath).LinkTarget);
        File.Delete(SocketPath);
        Directory.CreateDirectory(SocketPath);
        Assert.Contains("a folder lies there", Fault(), StringComparison.Ordinal);
        Directory.Delete(SocketPath);
        File.Delete($"{SocketPath}.lock");
        File.CreateSymbolicLink($"{SocketPath}.lock", "/etc/hostname");
        Assert.Contains("is to hold its lock, is not a file", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        var fault = ThrowsAt(Path.Combine(_folder.Path, "gone", "publish"));
        Assert.Contains($"there is no folder {_folder.Path}/gone; make it", fault, StringComparison.Ordinal);
        Assert.Contains("107 bytes", ThrowsAt("/tmp/" + new string('ä', 60)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_this_user_may_connect_and_only_the_own_socket_is_taken_away_at_the_end()
    {
        await using (Start())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(SocketPath));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode($"{SocketPath}.lock"));
        }

        Assert.False(File.Exists(SocketPath));
        await using (Start())
        {
            File.Delete(SocketPath);
            File.WriteAllText(SocketPath, "somebody else's");
        }

        Assert.Equal("somebody else's", File.ReadAllText(SocketPath));
    }

    private ZeroMqPublisher Start()
    {
        var publisher = Publisher();
        publisher.Start();
        return publisher;
    }

    private ZeroMqPublisher Publisher()
    {
        var options = new ZeroMqSettings { Library = ZeroMqLibrary.Libzmq, Publish = $"ipc://{SocketPath}" };
        return new ZeroMqPublisher(options, SensorClock.System, new ListLogger<ZeroMqPublisher>());
    }

    private Socket Listen(int backlog = int.MaxValue)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(SocketPath));
        socket.Listen(backlog);
        return socket;
    }

    private static UnixFileMode Mode(string path) => new FileInfo(path).UnixFileMode;

    private string Fault() => ThrowsAt(SocketPath);

    private static string ThrowsAt(string path)
    {
        var fault = Assert.Throws<MessagingException>(() => UnixSocketFile.Listen(path)).Message;
        Assert.StartsWith($"cannot bind ipc://{path}: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
        return fault;
    }
}
