using System.Buffers;
using System.Globalization;

namespace EdgePerception.Sensors.Capture;

/// <summary>
/// What may be the address of a network camera. Stricter than the RFC where GStreamer would read another host out of it
/// than was meant: it takes the first <c>@</c> for the end of the password, and asks the network for what follows.
/// </summary>
internal static class RtspAddress
{
    private static readonly SearchValues<char> Unencoded = SearchValues.Create("@/?#[]\\");

    private static readonly string[] Schemes = ["rtsp://", "rtsps://"];

    /// <summary>What is wrong with an address, without quoting it, or null.</summary>
    public static string? Fault(string? address)
    {
        var scheme = Schemes.FirstOrDefault(s => address?.StartsWith(s, StringComparison.OrdinalIgnoreCase) == true);
        if (address is null || scheme is null)
            return "must be an address that begins with rtsp:// or rtsps://, such as rtsp://host:554/stream";
        if (address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return "must hold no blanks; write them as %20";
        var rest = address[scheme.Length..];
        var at = rest.LastIndexOf('@');
        if (at >= 0 && UserFault(rest[..at]) is { } fault) return fault;
        var place = rest[(at + 1)..];
        var end = place.AsSpan().IndexOfAny("/?#");
        return PlaceFault(end < 0 ? place : place[..end]);
    }

    private static string? UserFault(string user)
    {
        if (user.AsSpan().ContainsAny(Unencoded) || !IsPercentEncoded(user))
        {
            return "user and password must be percent-encoded: @ as %40, / as %2F, ? as %3F, # as %23, % as %25, "
                + "[ as %5B, ] as %5D, \\ as %5C; an @ behind the host too, since the last one ends the password";
        }

        return user.Contains(':', StringComparison.Ordinal)
            ? null
            : "the user needs a : and a password before the @, which may be empty";
    }

    private static string? PlaceFault(string place)
    {
        // The colons of an IPv6 address stand in brackets.
        var colon = place.IndexOf(':', Math.Max(0, place.LastIndexOf(']')));
        var host = colon < 0 ? place : place[..colon];
        if (colon >= 0 && !IsPort(place[(colon + 1)..]))
            return "must have a port of 1 to 65535 behind the host's colon, or none; user and password end with an @ "
                + "before";
        return Uri.CheckHostName(host) != UriHostNameType.Unknown ? null
            : "must name a host, such as rtsp://host:554/stream";
    }

    private static bool IsPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536;

    private static bool IsPercentEncoded(string text)
    {
        for (var i = 0; (i = text.IndexOf('%', i)) >= 0; i++)
        {
            var code = text.AsSpan(i + 1);
            if (code.Length < 2 || !char.IsAsciiHexDigit(code[0]) || !char.IsAsciiHexDigit(code[1])) return false;
        }

        return true;
    }
}
