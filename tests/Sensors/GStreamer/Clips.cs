using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>Makes small recordings in a folder of their own.</summary>
public sealed class Clips : IDisposable
{
    public const int Width = 64;
    public const int Height = 48;
    public const int FramesPerSecond = 25;
    private const int Rate = 16_000;
    private const int SamplesPerFrame = Rate / FramesPerSecond;

    public Clips() => Folder = Directory.CreateTempSubdirectory("edge-perception-clips-").FullName;

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string Text(string name, string content)
    {
        File.WriteAllText(Path(name), content);
        return Path(name);
    }

    /// <summary>Runs gst-launch-1.0 with arguments separated by blanks; FOLDER stands for the folder.</summary>
    public void Launch(string pipeline)
    {
        var start = new ProcessStartInfo("gst-launch-1.0")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add("-q");
        foreach (var word in pipeline.Replace("FOLDER", Folder, StringComparison.Ordinal).Split(' '))
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>
    /// An AVI file without compression, black and silent but for one white frame and a click of 10 ms at each whole
    /// second after the first.
    /// </summary>
    public string FlashAndClick(string name, int seconds)
    {
        var frames = seconds * FramesPerSecond;
        using var movie = new MemoryStream();
        for (var i = 0; i < frames; i++)
        {
            var marked = i > 0 && i % FramesPerSecond == 0;
            Chunk(movie, "00db", Filled(Width * Height * 3, marked ? (byte)255 : (byte)0));
            Chunk(movie, "01wb", Click(marked));
        }

        using var headers = new MemoryStream();
        Chunk(headers, "avih",
            Words(1_000_000 / FramesPerSecond, 0, 0, 0x10, frames, 0, 2, 0, Width, Height, 0, 0, 0, 0));
        List(headers, "strl",
            ("strh", Stream("vids", "DIB ", 1, FramesPerSecond, frames, Width * Height * 3, 0)),
            ("strf", Words(40, Width, Height, 1 | 24 << 16, 0, Width * Height * 3, 0, 0, 0, 0)));
        List(headers, "strl",
            ("strh", Stream("auds", "\0\0\0\0", 1, Rate, seconds * Rate, SamplesPerFrame * 2, 2)),
            ("strf", Words(1 | 1 << 16, Rate, Rate * 2, 2 | 16 << 16)));

        using var body = new MemoryStream();
        body.Write("AVI "u8);
        ListOf(body, "hdrl", headers.ToArray());
        ListOf(body, "movi", movie.ToArray());
        using var file = File.Create(Path(name));
        Chunk(file, "RIFF", body.ToArray());
        return Path(name);
    }

    /// <summary>
    /// A QuickTime file of ten images that are red and green above, blue and white below, to be shown as its display
    /// matrix says: x' = ax + cy, y' = bx + dy.
    /// </summary>
    public string Turned(string name, int a, int b, int c, int d)
    {
        byte[] top = [.. Quarter(255, 0, 0), .. Quarter(0, 255, 0)];
        byte[] bottom = [.. Quarter(0, 0, 255), .. Quarter(255, 255, 255)];
        var rows = Enumerable.Repeat(top, Height / 2).Concat(Enumerable.Repeat(bottom, Height / 2));
        byte[] image = [.. rows.SelectMany(row => row)];
        File.WriteAllBytes(Path("quarters.rgb"), [.. Enumerable.Repeat(image, 10).SelectMany(bytes => bytes)]);
        Launch(
            "filesrc location=FOLDER/quarters.rgb"
            + $" ! rawvideoparse format=rgb width={Width} height={Height} framerate=25/1 ! videoconvert ! jpegenc "
            + $"quality=95 ! qtmux ! filesink location=FOLDER/{name}");
        var file = File.ReadAllBytes(Path(name));
        // The matrix lies 40 bytes behind the type of a track header of version 0, in fixed point with 16 bits.
        var matrix = file.AsSpan(file.AsSpan().IndexOf("tkhd"u8) + 4 + 40);
        foreach (var (place, value) in (ReadOnlySpan<(int, int)>)[(0, a), (1, b), (3, c), (4, d)])
            BinaryPrimitives.WriteInt32BigEndian(matrix[(place * 4)..], value * 65536);
        File.WriteAllBytes(Path(name), file);
        return Path(name);

        static IEnumerable<byte> Quarter(byte red, byte green, byte blue) =>
            Enumerable.Repeat<byte[]>([red, green, blue], Width / 2).SelectMany(pixel => pixel);
    }

    private static byte[] Click(bool sounds)
    {
        var samples = new byte[SamplesPerFrame * 2];
        for (var i = 0; sounds && i < Rate / 100; i++)
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(i * 2), (short)(i / 8 % 2 == 0 ? 30_000 : -30_000));
        return samples;
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] Stream(
        string type, string codec, int scale, int rate, int length, int buffer, int sampleSize) =>
        [.. Encoding.ASCII.GetBytes(type + codec),
            .. Words(0, 0, 0, scale, rate, 0, length, buffer, -1, sampleSize, 0, Width | Height << 16)];

    private static byte[] Words(params int[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        return bytes;
    }

    private static void List(Stream to, string type, params (string Id, byte[] Content)[] chunks)
    {
        using var content = new MemoryStream();
        foreach (var chunk in chunks) Chunk(content, chunk.Id, chunk.Content);
        ListOf(to, type, content.ToArray());
    }

    private static void ListOf(Stream to, string type, byte[] content) =>
        Chunk(to, "LIST", [.. Encoding.ASCII.GetBytes(type), .. content]);

    private static void Chunk(Stream to, string id, byte[] content)
    {
        to.Write(Encoding.ASCII.GetBytes(id));
        to.Write(Words(content.Length));
        to.Write(content);
    }
}
