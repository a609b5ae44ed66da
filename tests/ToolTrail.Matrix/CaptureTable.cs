using System.Globalization;
using System.Text;

namespace ToolTrail.Matrix;

/// <summary>The table, in Markdown.</summary>
internal static class CaptureTable
{
    private const string Begin = "<!-- matrix: written by matrix.sh -->\n";
    private const string End = "<!-- end of matrix -->";

    private static readonly string[] Endings =
    [
        "ok", "tool threw", "tool answered an error", "denied by policy", "rejected by a person", "unknown tool", "cancelled", "timed out", "crashed in between",
    ];

    private static readonly string[] Captures =
    [
        "Microsoft.Extensions.AI", "Microsoft.Extensions.AI, streaming", "Microsoft.Extensions.AI, one function", "Agent Framework", "Agent Framework, streaming", "MCP server in C#", "MCP client in C#",
        "MCP proxy, stdio", "MCP proxy, HTTP", "Claude Code hooks", "Gemini CLI hooks", "OpenTelemetry", "HTTP ingest",
    ];

    /// <summary>Writes it between its marks.</summary>
    /// <returns>The cells that nothing fills.</returns>
    public static IReadOnlyList<(string Capture, string Ending)> Write(string document, IReadOnlyList<TestResult> results)
    {
        foreach (var unknown in results.Where(result => !Captures.Contains(result.Capture) || !Endings.Contains(result.Ending)))
            throw new InvalidDataException($"A test is about '{unknown.Capture}' and '{unknown.Ending}', which this table does not have.");

        List<(string, string)> empty = [];
        List<string> notes = [];
        var table = new StringBuilder().AppendLine($"| | {string.Join(" | ", Endings)} |").AppendLine($"|---|{string.Concat(Endings.Select(_ => ":-:|"))}");
        foreach (var capture in Captures)
            table.AppendLine($"| {capture} | {string.Join(" | ", Endings.Select(ending => Cell(capture, ending)))} |");
        table.AppendLine();
        for (var i = 0; i < notes.Count; i++)
            table.AppendLine(CultureInfo.InvariantCulture, $"{i + 1}. {notes[i]}");

        var text = File.ReadAllText(document);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        File.WriteAllText(document, $"{text[..from]}{table.ToString().ReplaceLineEndings("\n")}{text[to..]}");
        return empty;

        string Cell(string capture, string ending)
        {
            var tests = results.Where(result => result.Capture == capture && result.Ending == ending).ToList();
            if (tests.Count > 0)
                return tests.TrueForAll(test => test.Passed) ? $"✓ {tests.Count.ToString(CultureInfo.InvariantCulture)}" : "✗";
            if (Holes.All.FirstOrDefault(hole => hole.Capture == capture && hole.Ending == ending) is not { } hole)
            {
                empty.Add((capture, ending));
                return "";
            }

            if (!notes.Contains(hole.Why))
                notes.Add(hole.Why);
            return string.Create(CultureInfo.InvariantCulture, $"[{notes.IndexOf(hole.Why) + 1}]");
        }
    }
}
