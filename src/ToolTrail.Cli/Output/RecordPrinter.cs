using ToolTrail.Home;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Output;

/// <summary>Prints records: for people one row a call, for programs the stored lines.</summary>
internal sealed class RecordPrinter
{
    private readonly Screen _screen;
    private readonly TrailHome _home;
    private readonly RecordTable? _table;
    private long _written;
    private long _skipped;

    /// <param name="screen">Where to.</param>
    /// <param name="home">The trail.</param>
    /// <param name="json">Whether a program reads.</param>
    public RecordPrinter(Screen screen, TrailHome home, bool json)
    {
        _screen = screen;
        _home = home;
        _table = json ? null : new RecordTable(screen, home.TimeZone);
    }

    /// <summary>The selection as this reader wants it: people see one row a call.</summary>
    public Selection Refine(Selection selection) => selection with { Filter = selection.Filter with { OneRowPerCall = _table is not null } };

    /// <summary>Writes records in the order given.</summary>
    /// <param name="records">The records.</param>
    /// <param name="skipped">Lines met among them that are no records.</param>
    public void Write(IReadOnlyList<StoredRecord> records, long skipped = 0)
    {
        _written += records.Count;
        _skipped += skipped;
        if (_table is null)
        {
            foreach (var record in records)
                _screen.WriteStored(record.Line.Span);
        }
        else if (records.Count > 0)
        {
            _table.Write(records);
        }
    }

    /// <summary>Hands on what was written.</summary>
    public void Flush() => _screen.Flush();

    /// <summary>Says, beside the output, that there was nothing so far, and where.</summary>
    public void SayIfNothing(Selection selection)
    {
        if (_written == 0)
            Console.Error.WriteLine(selection.NothingFound(_home));
    }

    /// <summary>Hands on what was written, and says what a reader would miss: that there was nothing, or that lines were skipped.</summary>
    public void Finish(Selection selection)
    {
        if (_table is null)
            SayIfNothing(selection);
        else if (_written == 0)
            _screen.WriteLine(selection.NothingFound(_home));
        _screen.Flush();
        if (_skipped > 0)
            Console.Error.WriteLine(SkippedLines.Describe(_skipped));
    }
}
