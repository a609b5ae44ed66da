namespace ToolTrail.Bench.Report;

/// <summary>A part of the document between two marks; what stands around it is written by people, or is another run's.</summary>
internal static class DocumentPart
{
    /// <param name="path">The document.</param>
    /// <param name="name">The part's name, in its marks.</param>
    /// <param name="sections">What stands there from now on.</param>
    public static void Write(string path, string name, IEnumerable<string> sections)
    {
        var (beginMark, endMark) = ($"<!-- {name}: written by bench.sh -->", $"<!-- end of {name} -->");
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(beginMark, StringComparison.Ordinal), text.IndexOf(endMark, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"{path} lacks the marks '{beginMark}' and '{endMark}'.");
        File.WriteAllText(path, $"{text[..begin]}{beginMark}\n{string.Join("\n", sections)}{text[end..]}");
    }
}
