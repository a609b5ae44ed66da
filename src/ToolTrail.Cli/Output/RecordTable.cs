using System.Globalization;
using System.Text;
using ToolTrail.Reading;
using ToolTrail.Records;

namespace ToolTrail.Cli.Output;

/// <summary>Records as people read them: one row a record, and under it one for each other capture that told of the same call.</summary>
internal sealed class RecordTable
{
    private readonly TextTable _table;
    private readonly TimeZoneInfo _zone;

    /// <param name="screen">Where to.</param>
    /// <param name="zone">The home's zone: times stand as the day files are named.</param>
    public RecordTable(Screen screen, TimeZoneInfo zone)
    {
        _table = new TextTable(screen, "TIME", "STATUS", "USER", "TOOL", ">MS", "ARGUMENTS", "RESULT");
        _zone = zone;
    }

    /// <summary>Writes records in the order given.</summary>
    public void Write(IEnumerable<StoredRecord> records) => _table.Write([.. records.SelectMany(Rows)]);

    private IEnumerable<Cell[]> Rows(StoredRecord stored)
    {
        var record = stored.Decode(_zone);
        yield return
        [
            TimeText.Format(stored.Timestamp, _zone),
            StatusStyle.Cell(record.Status.Value),
            SafeText.Escape(record.User),
            SafeText.Escape(stored.Others.Count == 0 ? record.Tool : $"{record.Tool} ({record.Source})"),
            DurationText.Format(record.DurationMs),
            SafeText.Escape(Encoding.UTF8.GetString(record.Arguments.Span)),
            SafeText.Escape(Result(record)),
        ];
        foreach (var other in stored.Others.Select(other => other.Decode(_zone)))
        {
            yield return
            [
                "",
                StatusStyle.Cell(other.Status.Value),
                "",
                SafeText.Escape($"+ {other.Source}{(other.Tool == record.Tool ? "" : $": {other.Tool}")}"),
                DurationText.Format(other.DurationMs),
                "",
                SafeText.Escape(Result(other) == Result(record) ? "" : Result(other)),
            ];
        }
    }

    private static string Result(ToolCallRecord record)
    {
        var parts = new List<string>();
        if (record.Reason is { Length: > 0 } reason)
            parts.Add(reason);
        if (record.Error is { } error)
            parts.Add(string.Join(": ", new[] { error.Type, error.Message }.Where(text => !string.IsNullOrEmpty(text))));
        // A tool that failed often answers with the error's own words.
        if (record.ResultSnippet is { Length: > 0 } snippet && record.Error?.Message?.StartsWith(snippet, StringComparison.Ordinal) != true)
            parts.Add(IsCut(record, snippet) ? string.Create(CultureInfo.InvariantCulture, $"{snippet} …[{record.ResultChars} chars total]") : snippet);
        return string.Join(" | ", parts);
    }

    private static bool IsCut(ToolCallRecord record, string snippet) => record.ResultChars > snippet.EnumerateRunes().Count();
}
