using System.Globalization;

namespace ToolTrail.Torture.Report;

/// <summary>The table in Markdown.</summary>
internal static class ResultTable
{
    private const string Head = "| fault | rounds | acknowledged | lost | duplicated | corrupted | verify | |\n|---|--:|--:|--:|--:|--:|---|---|";

    /// <summary>A table of results.</summary>
    public static string Of(IEnumerable<FaultResult> results) => Of(results.Select(Line));

    /// <summary>A table of lines.</summary>
    public static string Of(IEnumerable<string> lines) => string.Join('\n', lines.Prepend(Head));

    /// <summary>A result's line.</summary>
    public static string Line(FaultResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {result.Title} | {result.Rounds:N0} | {result.Acknowledged:N0} | {result.Lost} | {result.Duplicated} | {result.Corrupted} | {result.Verify} | {Notes(result)} |");

    private static string Notes(FaultResult result) => string.Join("; ", result.Broken.Concat(result.Late).Select(broken => $"**{OneLine(broken)}**").Concat(result.Notes));

    private static string OneLine(string text)
    {
        text = text.ReplaceLineEndings(" ").Replace('|', '/');
        return text.Length > 200 ? text[..200] + "…" : text;
    }
}
