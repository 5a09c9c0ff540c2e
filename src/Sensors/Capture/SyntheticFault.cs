using System.Globalization;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;

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

    /// <summary>The same of settings that may not have been looked at.</summary>
    /// <exception cref="CaptureException">It cannot be read.</exception>
    public static SyntheticFaultAt? Read(string? text) => TryRead(text, out var fault)
        ? fault
        : throw new CaptureException(CaptureFailure.Configuration, $"'{text}' is no fault such as freeze@100");

    /// <summary>What reading brings once the fault has come.</summary>
    /// <param name="unit">What is counted: a frame or a block.</param>
    /// <param name="pause">Waits while nothing comes.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="CaptureException">It is an error.</exception>
    public CaptureRead Strike(string unit, TimedSignal pause, TimeSpan timeout, CancellationToken stop)
    {
        if (Kind == SyntheticFault.End) return CaptureRead.Ended;
        if (Kind == SyntheticFault.Error)
            throw new CaptureException(CaptureFailure.Error, $"the error that was asked for at {unit} {At}");
        pause.Wait(timeout, stop);
        return CaptureRead.Nothing;
    }
}
