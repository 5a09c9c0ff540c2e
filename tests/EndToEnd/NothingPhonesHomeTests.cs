using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// The program tells nobody of itself: no file in the home or the temporary folder, no name asked of a resolver but
/// those of its configuration, no foreign address called. As a user runs it, since what it is built on keeps quiet on a
/// CI.
/// </summary>
public sealed class NothingPhonesHomeTests : IDisposable
{
    // Writes down the names that are looked up and the addresses, of whatever protocol, that are connected or sent to.
    private const string Listener = """
        #define _GNU_SOURCE
        #include <arpa/inet.h>
        #include <dlfcn.h>
        #include <netdb.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/socket.h>
        static void note(const char *what, const char *name) {
            FILE *log = fopen(getenv("LISTENER_LOG"), "a");
            if (log) { fprintf(log, "%s %s\n", what, name ? name : ""); fclose(log); }
        }
        static void note_address(const char *what, const struct sockaddr *address) {
            char text[INET6_ADDRSTRLEN] = "";
            if (!address || (address->sa_family != AF_INET && address->sa_family != AF_INET6)) return;
            if (address->sa_family == AF_INET) inet_ntop(AF_INET, &((struct sockaddr_in *)address)->sin_addr, text, sizeof text);
            else inet_ntop(AF_INET6, &((struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
            note(what, text);
        }
        int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
            int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
            note("looks up", node);
            return next(node, service, hints, result);
        }
        int connect(int fd, const struct sockaddr *address, socklen_t length) {
            int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
            note_address("connects to", address);
            return next(fd, address, length);
        }
        ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length) {
            ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
            note_address("sends to", address);
            return next(fd, data, size, flags, address, length);
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _home, _temporary, _log;
    private readonly string[] _launcher;

    public NothingPhonesHomeTests()
    {
        _home = Directory.CreateDirectory(Path.Combine(_folder.Path, "home")).FullName;
        _temporary = Directory.CreateDirectory(Path.Combine(_folder.Path, "temporary")).FullName;
        _log = _folder.Write("log.txt", "");
        var listener = CompiledLibrary.Make(_folder, "listener.so", Listener, "-ldl");
        _launcher =
        [
            "env", "--unset=CI", "--unset=ORT_DISABLE_TELEMETRY", $"HOME={_home}", $"TMPDIR={_temporary}",
            $"LD_PRELOAD={listener}",
            $"LISTENER_LOG={_log}",
        ];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_picture_is_looked_at_in_silence()
    {
        using var program = EdgeProgram.StartBy(_launcher, "detect", "--image", Files.Coffee);
        var result = await program.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        LeftNothing();
        Assert.Empty(File.ReadAllText(_log));
    }

    [Fact]
    public async Task The_service_asks_for_the_broker_of_its_configuration_and_for_nothing_else()
    {
        var configuration =
            _folder.Write("service.yaml", $"cameras:\n{Settings.Synthetic("front")}{Settings.RealDetector}"
            + "mqtt: { host: broker.invalid, port: 1883, device: demo, reconnectMinMs: 20, reconnectMaxMs: 200 }\n");
        using var program = EdgeProgram.StartBy(_launcher, "run", "--config", configuration, "--duration", "5s");
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
        LeftNothing();
        Assert.Equal(["looks up broker.invalid"], File.ReadLines(_log).Where(line => !IsResolver(line)).Distinct());
    }

    private void LeftNothing()
    {
        Assert.Empty(Directory.GetFiles(_home, "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFileSystemEntries(_temporary));
    }

    // What the C library does to look that name up.
    private static bool IsResolver(string line) => line.StartsWith("connects to ", StringComparison.Ordinal)
        && File.ReadLines("/etc/resolv.conf")
            .Any(entry => entry.EndsWith($" {line["connects to ".Length..]}", StringComparison.Ordinal));
}
