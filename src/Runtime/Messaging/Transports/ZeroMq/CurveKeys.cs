using EdgePerception.Fusion.Inference;
using NetMQ;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>The keys of an encrypted socket. What is wrong with a file never quotes what stands in it.</summary>
internal sealed class CurveKeys
{
    // Room for thousands of controllers, and for words about each.
    private const long MaxFileBytes = 1 << 20;

    private readonly List<byte[]> _allowed;

    private CurveKeys(byte[] secret, List<byte[]> allowed, bool allowsEverybody)
    {
        (Secret, _allowed, AllowsEverybody) = (secret, allowed, allowsEverybody);
        Public = NetMQCertificate.CreateFromSecretKey(secret).PublicKey;
    }

    /// <summary>The server's secret key, 32 bytes.</summary>
    public byte[] Secret { get; }

    /// <summary>The server's public key, which clients must know, 32 bytes.</summary>
    public byte[] Public { get; }

    /// <summary>Whether whoever knows the server's public key may connect.</summary>
    public bool AllowsEverybody { get; }

    /// <summary>Whether a client with that public key may connect.</summary>
    public bool Allows(ReadOnlySpan<byte> client)
    {
        if (AllowsEverybody) return true;
        foreach (var key in _allowed)
        {
            if (client.SequenceEqual(key)) return true;
        }

        return false;
    }

    /// <summary>Reads the files; none without the section.</summary>
    /// <exception cref="MessagingException">A file cannot be read, or holds no key; which and why.</exception>
    public static CurveKeys? Read(ZeroMqCurveSettings? options)
    {
        if (options is null) return null;
        var secret = Lines("secretKeyFile", options.SecretKeyFile)[0].Trim();
        var key = Z85.Decode(secret)
            ?? throw Fault("secretKeyFile", $"{options.SecretKeyFile}: line 1 {Fault(secret)}");
        if (options.AllowedKeysFile.Length == 0) return new CurveKeys(key, [], allowsEverybody: true);
        return new CurveKeys(key, Allowed(options.AllowedKeysFile), allowsEverybody: false);
    }

    private static List<byte[]> Allowed(string file)
    {
        var keys = new List<byte[]>();
        var lines = Lines("allowedKeysFile", file);
        for (var i = 0; i < lines.Length; i++)
        {
            // A key may hold '#' itself, so that only a line of its own is a remark.
            var text = lines[i].Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            keys.Add(Z85.Decode(text) ?? throw Fault("allowedKeysFile", $"{file}: line {i + 1} {Fault(text)}"));
        }

        if (keys.Count == 0) throw Fault("allowedKeysFile", $"{file}: holds no key, so that nobody could connect");
        return keys;
    }

    private static string[] Lines(string key, string file)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(RegularFile.ReadAll(file, MaxFileBytes)).Split('\n');
        }
        catch (IOException exception)
        {
            throw Fault(key, $"{file}: {exception.Message}");
        }
    }

    private static string Fault(string text) => text.Length == Z85.KeyLength
        ? "is no key: it is not Z85, as zmq_curve_keypair writes it"
        : $"has {text.Length} characters, and a key has {Z85.KeyLength}";

    private static MessagingException Fault(string key, string what) => new($"zeromq.curve.{key}: {what}");
}

/// <summary>How ZeroMQ writes keys as text: five characters for four bytes (RFC 32).</summary>
internal static class Z85
{
    /// <summary>Characters of a key.</summary>
    public const int KeyLength = 40;

    private const string Digits =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <summary>The 32 bytes of a key, or null if the text is no key.</summary>
    public static byte[]? Decode(string text)
    {
        if (text.Length != KeyLength) return null;
        var key = new byte[KeyLength / 5 * 4];
        for (var group = 0; group < KeyLength / 5; group++)
        {
            var value = 0UL;
            foreach (var character in text.AsSpan(group * 5, 5))
            {
                var digit = Digits.IndexOf(character, StringComparison.Ordinal);
                if (digit < 0) return null;
                value = value * 85 + (ulong)digit;
            }

            if (value > uint.MaxValue) return null;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(group * 4), (uint)value);
        }

        return key;
    }

    /// <summary>A key as text.</summary>
    public static string Encode(ReadOnlySpan<byte> key)
    {
        var text = new char[key.Length / 4 * 5];
        for (var group = 0; group < key.Length / 4; group++)
        {
            var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(key[(group * 4)..]);
            for (var place = 4; place >= 0; place--, value /= 85) text[group * 5 + place] = Digits[(int)(value % 85)];
        }

        return new string(text);
    }
}
