using System.Text;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// One of the process's two voices, and the one place where what others wrote is made visible
/// (<see cref="VisibleText"/>): whatever is written as a line is one line, without a terminal's control sequences. As
/// thread-safe as the writer below.
/// </summary>
/// <param name="writer">Where it goes.</param>
/// <param name="isTerminal">Whether a person reads it, so that a line may be coloured and written over.</param>
public sealed class VisibleWriter(TextWriter writer, bool isTerminal) : TextWriter
{
    /// <summary>Whether a person reads it.</summary>
    public bool IsTerminal => isTerminal;

    /// <inheritdoc/>
    public override Encoding Encoding => writer.Encoding;

    /// <summary>Writes a text, whose line feeds end lines.</summary>
    public override void Write(string? value) =>
        writer.Write(string.Join('\n', (value ?? "").Split('\n').Select(VisibleText.Of)));

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <summary>Writes a line; line feeds in it are made visible.</summary>
    public override void WriteLine(string? value) => writer.WriteLine(VisibleText.Of(value ?? ""));

    /// <inheritdoc/>
    public override void WriteLine() => writer.WriteLine();

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => writer.WriteLineAsync(VisibleText.Of(value ?? ""));

    /// <summary>Writes a line whose beginning is coloured where a person reads it.</summary>
    public void WriteLine(string beginning, int color, string rest) =>
        writer.WriteLine(Colored(VisibleText.Of(beginning), color) + VisibleText.Of(rest));

    /// <summary>The text in a terminal's colour (31 is red) where a person reads it, otherwise as it is.</summary>
    public string Colored(string text, int color) => isTerminal ? $"\e[{color}m{text}\e[0m" : text;

    /// <summary>Writes over a terminal's present line and stays in it.</summary>
    public void Rewrite(string line) => writer.Write($"\r{VisibleText.Of(line)}\e[K");
}
