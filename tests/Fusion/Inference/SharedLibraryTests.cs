using EdgePerception.Fusion.Inference;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>Which libraries a library needs, read from files of a real linker and from rubbish.</summary>
public sealed class SharedLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_library_was_linked_with_is_what_it_needs()
    {
        var first = CompiledLibrary.Make(_folder, "libfirst-stand-in.so.1", "int first(void) { return 1; }");
        var second = CompiledLibrary.Make(_folder, "libsecond-stand-in.so.2", "int second(void) { return 2; }");
        var both =
            CompiledLibrary.Make(_folder, "libboth.so",
                "int first(void); int second(void); int both(void) { return first() + second(); }",
            $"-Wl,--no-as-needed -L{_folder.Path} -l:{Path.GetFileName(first)} -l:{Path.GetFileName(second)}");
        Assert.Equal(["libfirst-stand-in.so.1", "libsecond-stand-in.so.2", "libc.so.6"], SharedLibrary.NeededBy(both));
        Assert.Equal(["libfirst-stand-in.so.1", "libsecond-stand-in.so.2"], SharedLibrary.MissingFor(both));
    }

    [Fact]
    public void A_library_that_is_cut_off_anywhere_needs_nothing_or_what_it_says()
    {
        var bytes = File.ReadAllBytes(CompiledLibrary.Make(_folder, "libwhole.so", "int one(void) { return 1; }"));
        var cut = Path.Combine(_folder.Path, "cut.so");
        for (var length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(cut, bytes[..length]);
            Assert.True(SharedLibrary.NeededBy(cut) is [] or ["libc.so.6"]);
        }

        Assert.Empty(SharedLibrary.NeededBy(Path.Combine(_folder.Path, "absent.so")));
    }

    [Property(Replay = "81726354,1827")]
    public void A_library_with_any_bytes_damaged_is_read_without_a_fault(int seed)
    {
        var random = new Random(seed);
        var path = Path.Combine(_folder.Path, "libdamaged.so");
        var whole = Path.Combine(_folder.Path, "libwhole.so");
        if (!File.Exists(whole)) CompiledLibrary.Make(_folder, "libwhole.so", "int one(void) { return 1; }");
        var bytes = File.ReadAllBytes(whole);
        // Headers and segments lie at the front, which is where damage tells.
        for (var i = 0; i < 8; i++) bytes[random.Next(i < 6 ? 1024 : bytes.Length)] = (byte)random.Next(256);
        File.WriteAllBytes(path, bytes);
        Assert.All(SharedLibrary.NeededBy(path), name => Assert.InRange(name.Length, 1, 255));
    }
}
