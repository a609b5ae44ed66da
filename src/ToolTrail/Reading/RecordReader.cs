using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>What is made of a last line that lacks its LF.</summary>
internal enum LastLine
{
    /// <summary>It is not there yet.</summary>
    Leave,

    /// <summary>It is a record if it reads as one; else it may be one that is just being written.</summary>
    TakeRecord,

    /// <summary>Like any other line.</summary>
    Take,
}

/// <summary>Reads a day file's records forward; tells the lines that are none.</summary>
internal sealed class RecordReader : IDisposable
{
    private readonly LineReader _lines;
    private readonly string _folder;
    private readonly DayFile _file;
    private readonly TimeZoneInfo _zone;
    private readonly LastLine _lastLine;

    /// <param name="folder">The user's folder name.</param>
    /// <param name="file">The file; bytes beyond its length as it was looked at are not read.</param>
    /// <param name="from">Lines that begin before this offset are passed over.</param>
    /// <param name="zone">The zone of time stamps without an offset.</param>
    /// <param name="lastLine">What is made of a last line that lacks its LF.</param>
    public RecordReader(string folder, DayFile file, long from, TimeZoneInfo zone, LastLine lastLine)
    {
        (_folder, _file, _zone, _lastLine) = (folder, file, zone, lastLine);
        _lines = new LineReader(file.TryOpen(), from, file.Length);
    }

    /// <summary>Told each line that is no record.</summary>
    public Action<RecordPosition>? Skipped { get; init; }

    /// <summary>Offset behind the last whole line that was read.</summary>
    public long Offset => _lines.Offset;

    /// <summary>The next record.</summary>
    /// <param name="header">Its header, valid until the next call.</param>
    /// <param name="line">Its line, valid until the next call.</param>
    public bool TryRead(out RecordHeader header, out FileLine line)
    {
        while (_lines.TryRead(out line))
        {
            if (RecordHeader.TryRead(line.Bytes, _zone, out header))
                return true;
            if (!ErasedLine.Is(line.Bytes))
                Skipped?.Invoke(PositionOf(line));
        }

        header = default;
        if (_lastLine == LastLine.Leave || !_lines.TryReadRest(out line))
            return false;
        if (RecordHeader.TryRead(line.Bytes, _zone, out header))
            return true;
        if (_lastLine == LastLine.Take)
            Skipped?.Invoke(PositionOf(line));
        return false;
    }

    /// <summary>The next record that a matcher wants, as it is handed out; <c>null</c>: there is none.</summary>
    public StoredRecord? Read(RecordMatcher matcher, CallRows? rows = null)
    {
        while (TryRead(out var header, out var line))
        {
            if (!matcher.Matches(header))
                continue;
            var position = PositionOf(line);
            IReadOnlyList<StoredRecord>? others = [];
            if (rows is not null)
                others = rows.OthersOf(position, header);
            if (others is not null)
                return new StoredRecord { Position = position, Timestamp = header.Timestamp, Line = line.Bytes.ToArray(), Others = others };
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private RecordPosition PositionOf(FileLine line) => new(_folder, _file.Name, line.Offset);
}
