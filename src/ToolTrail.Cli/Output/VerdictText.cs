using System.Globalization;
using Spectre.Console;
using ToolTrail.Verification;

namespace ToolTrail.Cli.Output;

/// <summary>A verdict in words: a line a part, and under it what was found.</summary>
internal static class VerdictText
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Aside = new(Color.Grey);

    public static void Write(Screen screen, TrailVerdict verdict)
    {
        foreach (var part in verdict.Parts)
            Write(screen, SafeText.Escape(part.Part.ToString()), Count(part), part.Findings, part.Remarks);
        var size = verdict.Log.Head is { } head ? string.Create(CultureInfo.InvariantCulture, $"{head.Size,9} {(head.Size == 1 ? "entry" : "entries")}") : "        - entries";
        Write(screen, "seal log", size, verdict.Log.Findings, verdict.Log.Remarks);
        screen.WriteLine("");
        var findings = verdict.Log.Findings.Count + verdict.Parts.Sum(part => part.Findings.Count);
        screen.WriteLine(verdict.Parts.Count == 0 && findings == 0 ? "There is nothing to verify." : findings switch
        {
            0 => "Everything is as it was signed.",
            1 => "1 thing was found.",
            _ => $"{findings} things were found.",
        });
    }

    private static string Count(PartVerdict part) =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Lines,9} {(part.Lines == 1 ? "line" : "lines")}, {part.SealedLines} sealed");

    private static void Write(Screen screen, string name, string count, IReadOnlyList<Finding> findings, IReadOnlyList<string> remarks)
    {
        screen.WriteLine([findings.Count == 0 ? new Cell("ok   ", Good) : new Cell("FOUND", Bad), $"  {name,-30}", count]);
        foreach (var finding in findings)
            screen.WriteLine([new Cell($"       {VerdictJson.NameOf(finding.Kind)}", Bad), $": {SafeText.Escape(finding.Message)}"]);
        foreach (var remark in remarks)
            screen.WriteLine($"       {SafeText.Escape(remark)}", Aside);
    }
}
