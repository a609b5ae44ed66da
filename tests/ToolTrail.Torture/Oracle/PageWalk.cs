using System.Text.Json;
using ToolTrail.Reading;

namespace ToolTrail.Torture.Oracle;

/// <summary>Pages through a user's records, newest first, from cursor to cursor.</summary>
internal sealed class PageWalk
{
    // Ten years: whatever the clock says, everything is asked for.
    private const int Days = 3650;
    private const int Limit = 2000;
    private readonly TrailReader _reader;
    private readonly string _user;
    private readonly HashSet<RecordPosition> _seen = [];
    private string? _cursor;
    private bool _isDone;

    public PageWalk(TrailReader reader, string user) => (_reader, _user) = (reader, user);

    /// <summary>Ids of the records that came.</summary>
    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>Records that came twice.</summary>
    public int Repeated { get; private set; }

    /// <summary>Reads the next page.</summary>
    /// <returns>Whether there is another.</returns>
    public async Task<bool> NextAsync()
    {
        if (_isDone)
            return false;
        var page = await _reader.ReadRecentAsync(_user, Days, Limit, cursor: _cursor);
        foreach (var record in page.Records)
        {
            Repeated += _seen.Add(record.Position) ? 0 : 1;
            using var line = JsonDocument.Parse(record.Line);
            if (line.RootElement.TryGetProperty("id", out var id))
                Ids.Add(id.GetString()!);
        }

        _cursor = page.Next;
        _isDone = _cursor is null;
        return !_isDone;
    }
}
