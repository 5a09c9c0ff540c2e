using System.Security.Cryptography;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The controllers that may register, each with its token: a file of lines <c>NAME TOKEN</c>; empty lines and lines
/// with <c>#</c> are passed over. Immutable.
/// </summary>
internal sealed class ControllerList
{
    private const int MaxFileBytes = 256 * 1024;
    private const int MinToken = 16;

    private readonly Dictionary<string, byte[]> _tokens = [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="MessagingException">It cannot be read, or a line is wrong; one clear line.</exception>
    public ControllerList(string file)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(file, MaxFileBytes));
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
                // Without the words themselves: one of them is a secret.
                if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    is not [var name, { Length: >= MinToken } token] || !TopicName.IsName(name))
                {
                    throw new MessagingException(
                        $"zeromq.controllersFile: {file}, line {number}: a name and a token of at least {MinToken} "
                        + "characters are expected, with a blank between them");
                }

                if (!_tokens.TryAdd(name, System.Text.Encoding.UTF8.GetBytes(token)))
                    throw new MessagingException(
                        $"zeromq.controllersFile: {file}, line {number}: {name} is there twice");
            }
        }
        catch (IOException exception)
        {
            throw new MessagingException(
                $"zeromq.controllersFile: {file} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Whether that name may be registered with that token.</summary>
    public bool Admits(string name, string token) => _tokens.TryGetValue(name, out var wanted)
        && CryptographicOperations.FixedTimeEquals(wanted, System.Text.Encoding.UTF8.GetBytes(token));
}
