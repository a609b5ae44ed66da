using Spectre.Console;

namespace ToolTrail.Cli.Output;

/// <summary>A piece of text on the screen.</summary>
/// <param name="Text">Safe to show, on one line.</param>
/// <param name="Style">How it looks on a terminal; <c>null</c>: plain.</param>
internal readonly record struct Cell(string Text, Style? Style = null)
{
    /// <summary>A plain piece.</summary>
    public static implicit operator Cell(string text) => new(text);
}
