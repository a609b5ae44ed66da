using ToolTrail.Testing;
using ToolTrail.Torture.Faults;

namespace ToolTrail.Torture.Report;

/// <summary>Writes results between the document's two marks, each in place of the row's last; what stands around them is written by people.</summary>
internal static class ReliabilityDocument
{
    private const string Begin = "<!-- figures: written by torture.sh -->";
    private const string End = "<!-- end of figures -->";

    /// <summary>Writes the rows that were run.</summary>
    /// <param name="results">Their results.</param>
    /// <param name="isFullRun">Whether they ran all their rounds: else a copy of the document is written, under artifacts/.</param>
    public static void Write(IReadOnlyList<FaultResult> results, bool isFullRun)
    {
        var document = SourceTree.PathOf("docs", "reliability.md");
        var target = isFullRun ? document : Path.Combine(Bench.Folder, "reliability.md");
        File.WriteAllText(target, With(File.ReadAllText(document), results));
        Console.WriteLine($"Written to {Path.GetRelativePath(SourceTree.Root, target)}.");
    }

    /// <summary>The document with results in it.</summary>
    public static string With(string text, IReadOnlyList<FaultResult> results)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"The document lacks the marks '{Begin}' and '{End}'.");
        begin += Begin.Length;
        var lines = text[begin..end].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToDictionary(line => line.Split('|')[1].Trim());
        foreach (var result in results)
            lines[result.Title] = ResultTable.Line(result);
        var table = ResultTable.Of(AllFaults.InOrder.Where(fault => lines.ContainsKey(fault.Title)).Select(fault => lines[fault.Title]));
        return $"{text[..begin]}\n{table}\n{text[end..]}";
    }
}
