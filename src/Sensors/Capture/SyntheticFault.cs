using System.Globalization;

namespace EdgePerception.Sensors.Capture;

/// <summary>What a synthetic source can be told to do at a frame or block.</summary>
public enum SyntheticFault
{
    /// <summary>It comes to its end.</summary>
    End,

    /// <summary>It reports an error.</summary>
    Error,

    /// <summary>It gives nothing more and says nothing.</summary>
    Freeze,
}

/// <summary>A fault that was asked for, and at which frame or block of each opening.</summary>
internal readonly record struct SyntheticFaultAt(SyntheticFault Kind, long At)
{
    /// <summary>Reads <c>freeze@100</c>; false when it cannot be read, none when there is none.</summary>
    public static bool TryRead(string? text, out SyntheticFaultAt? fault)
    {
        fault = null;
        if (text is null) return true;
        if (text.Split('@') is not [var name, var number]
            || name is not ("end" or "error" or "freeze")
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return false;
        fault = new SyntheticFaultAt(Enum.Parse<SyntheticFault>(name, ignoreCase: true), at);
        return true;
    }
}
