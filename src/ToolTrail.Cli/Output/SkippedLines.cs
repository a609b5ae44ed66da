namespace ToolTrail.Cli.Output;

/// <summary>Lines of the trail that are no records.</summary>
internal static class SkippedLines
{
    /// <summary>Says that there were some.</summary>
    public static string Describe(long count) => count == 1 ? "1 line is no record and was skipped." : $"{count} lines are no records and were skipped.";
}
