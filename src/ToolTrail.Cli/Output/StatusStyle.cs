using Spectre.Console;
using ToolTrail.Records;

namespace ToolTrail.Cli.Output;

/// <summary>The colours of the statuses.</summary>
internal static class StatusStyle
{
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Warning = new(Color.Yellow);

    private static readonly Dictionary<string, Style> Styles = new()
    {
        [ToolCallStatus.Ok.Value] = new Style(Color.Green),
        [ToolCallStatus.Error.Value] = Bad,
        [ToolCallStatus.Denied.Value] = new Style(Color.Fuchsia),
        [ToolCallStatus.Cancelled.Value] = Warning,
        [ToolCallStatus.Timeout.Value] = Warning,
        [ToolCallStatus.Started.Value] = new Style(Color.Blue),
        [ToolCallStatus.Lost.Value] = new Style(Color.Red, decoration: Decoration.Bold),
        [ToolCallStatus.Recovered.Value] = Warning,
    };

    /// <summary>A status in its colour; one that this build does not know is plain.</summary>
    public static Cell Cell(string status) => new(SafeText.Escape(status), Styles.GetValueOrDefault(status));
}
