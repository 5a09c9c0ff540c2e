using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>
/// Keeps what is secret in addresses out of everything that a person or another program reads: user and password,
/// and what stands behind the first <c>?</c>, <c>#</c>, <c>;</c> or <c>=</c> after the host. In doubt it takes out too
/// much. An instance knows a source's own secrets and takes them out of what others, such as GStreamer, say about it.
/// Immutable, safe from any thread; costs no more than the length of the text.
/// </summary>
public sealed partial class Redaction
{
    private const string Mark = "***";

    // Shorter ones are in half of all words, and to take them out of those would give them away.
    private const int MinSecret = 4;
    private const int MaxParts = 64;
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");
    private static readonly SearchValues<char> EndsOfAddress = SearchValues.Create(" \t\r\n'\"`<>),");
    private static readonly SearchValues<char> EndsOfPlace = SearchValues.Create("?#;=");
    private readonly string[] _secrets;

    /// <summary>Learns the secrets of a source.</summary>
    /// <param name="settings">
    /// Its addresses, paths and launch descriptions; those that are not there may be null.
    /// </param>
    public Redaction(params ReadOnlySpan<string?> settings)
    {
        var secrets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings)
            foreach (var secret in SecretsOf(setting ?? "")) secrets.UnionWith(FormsOf(secret));
        // The longest first: a part of a password must not break up the whole, whose rest would then stay.
        _secrets = [.. secrets.OrderByDescending(secret => secret.Length)];
    }

    /// <summary>Whether the source has any.</summary>
    public bool KnowsSecrets => _secrets.Length > 0;

    /// <summary>An address as it may be quoted, whatever is wrong with it.</summary>
    public static string Address(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var (start, place) = NextAddress(address, 0);
        if (start != 0) place = 0;
        return address[..place] + Place(address[place..]);
    }

    /// <summary>A text as it may be told: every address in it as <see cref="Address"/> quotes it.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var told = new StringBuilder();
        var (start, place) = NextAddress(text, 0);
        var host = text.LastIndexOf('@') + 1;
        WriteWords(text.AsSpan(0, start), told);
        while (start < text.Length)
        {
            var end = EndOfAddress(text, Math.Max(place, host));
            told.Append(text, start, place - start).Append(Place(text[place..end]));
            (start, place) = NextAddress(text, end);
            told.Append(text, end, start - end);
        }

        return told.ToString();
    }

    /// <summary>What others say about the source, as it may be told: without its secrets, in whatever form.</summary>
    public string Strike(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var secret in _secrets) text = text.Replace(secret, Mark, StringComparison.OrdinalIgnoreCase);
        return Text(text);
    }

    // ipc:///PATH and ipc://@NAME have no user; where one could be meant, it is taken for one.
    private static bool IsOfThisMachine(string text, int start)
    {
        const string Ipc = "ipc://";
        var after = start + Ipc.Length;
        return string.CompareOrdinal(text, start, Ipc, 0, Ipc.Length) == 0
            && (after >= text.Length || text[after] is '/' or '@' or '\'' or ' ');
    }

    // Where the next scheme begins, and what follows its slashes. One slash is enough: a path that was made absolute
    // has lost the other. Both are the text's end where there is none.
    private static (int Start, int Place) NextAddress(string text, int from)
    {
        for (var colon = from; (colon = text.IndexOf(":/", colon, StringComparison.Ordinal)) >= 0; colon += 2)
        {
            var start = colon;
            while (start > from && IsOfScheme(text[start - 1])) start--;
            if (start == colon || !char.IsAsciiLetter(text[start])) continue;
            var place = colon + 1;
            while (place < text.Length && text[place] == '/') place++;
            if (!IsOfThisMachine(text, start)) return (start, place);
        }

        return (text.Length, text.Length);

        static bool IsOfScheme(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '.' or '-';
    }

    // Host and way. A password may hold any character, an @ too, where nobody has encoded it, so the last @ counts.
    private static string Place(string address)
    {
        var place = address[(address.LastIndexOf('@') + 1)..];
        var end = place.AsSpan().IndexOfAny(EndsOfPlace);
        return end < 0 ? place : place[..(end + 1)] + Mark;
    }

    // Counted from the host, which begins behind the last @ of all, though that may be a later address's: nobody knows
    // what stands in a password.
    private static int EndOfAddress(string text, int host)
    {
        var place = text.AsSpan(host);
        var end = place.IndexOfAny(EndsOfAddress) is var mark and >= 0 ? mark : place.Length;
        var secret = place[..end].IndexOfAny(EndsOfPlace);
        if (secret < 0) return host + end;
        // A value may hold anything but blanks; the sentence has its colon and quote back.
        end = place.IndexOfAny(Blanks) is var blank and >= 0 ? blank : place.Length;
        for (var i = 0; i < 2 && end > secret + 1 && place[end - 1] is ':' or '\'' or '"' or ',' or ')'; i++) end--;
        return host + end;
    }

    // Words of the form user:password@host, without a scheme before them.
    private static void WriteWords(ReadOnlySpan<char> text, StringBuilder told)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny(Blanks) is var space and >= 0 ? space + 1 : text.Length;
            var word = text[..end];
            var at = word.LastIndexOf('@');
            var bare = word.TrimStart("'\"(");
            var isOfThisMachine = bare.StartsWith("ipc:///") || bare.StartsWith("ipc://@");
            var holdsUser = at > 0 && word[..at].Contains(':') && !isOfThisMachine;
            if (holdsUser && word[0] is '\'' or '"') told.Append(word[0]);
            if (holdsUser) told.Append(Mark).Append(word[at..]);
            else told.Append(word);
            text = text[end..];
        }
    }

    private static IEnumerable<string> SecretsOf(string setting)
    {
        foreach (Match property in SecretProperty().Matches(setting)) yield return property.Groups["value"].Value;
        var (start, place) = NextAddress(setting, 0);
        var host = setting.LastIndexOf('@') + 1;
        // An address that lacks its scheme.
        if (start == setting.Length && host > 1 && setting.IndexOf(':', 0, host) >= 0)
            yield return setting[..(host - 1)];
        while (start < setting.Length)
        {
            // What begins with an address is nothing else; a launch description goes on behind one.
            var end = start == 0 ? setting.Length : EndOfAddress(setting, Math.Max(place, host));
            var address = setting[place..end];
            var at = address.LastIndexOf('@');
            if (at > 0) yield return address[..at];
            var query = address.AsSpan(at + 1).IndexOfAny(EndsOfPlace);
            if (query >= 0) yield return address[(at + query + 2)..];
            (start, place) = NextAddress(setting, end);
        }
    }

    // As it stands, decoded and encoded, and of each whatever lies between two characters that part something: an
    // address that is parted at a character which nobody has encoded is told in such parts.
    private static IEnumerable<string> FormsOf(string secret)
    {
        var decoded = Uri.UnescapeDataString(secret);
        foreach (var form in (string[])[secret, decoded, Uri.EscapeDataString(decoded)])
        {
            var parting = Enumerable.Range(0, form.Length).Where(i => !char.IsLetterOrDigit(form[i]));
            int[] cuts = [-1, .. parting.Take(MaxParts), form.Length];
            for (var i = 0; i < cuts.Length; i++)
                for (var j = i + 1; j < cuts.Length; j++)
                    if (cuts[j] - cuts[i] > MinSecret) yield return form[(cuts[i] + 1)..cuts[j]];
        }
    }

    // What elements of GStreamer call their secrets: user-pw, proxy-pw, passphrase, cookies and so on. A value goes on
    // to the next property or link: nobody may have put quotes around its blanks.
    [GeneratedRegex(
        """
        [\w-]*(?:user|pw|pass|secret|key|token|auth|cookie|header|credential)[\w-]*\s*=\s*
        (?<value>"(?:[^"\\]|\\.)*"|\S+(?:\s+[^\s=!]+(?=\s|$))*)
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex SecretProperty();
}
