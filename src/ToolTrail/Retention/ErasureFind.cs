using System.Text;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>The lines of a part that a request asks for, and that stand there still.</summary>
internal sealed class ErasureFind
{
    private const int MostKept = 100;
    private const int MostKeptChars = 64;

    private readonly List<LineRange> _lines = [];
    private readonly List<KeptFields> _kept = [];

    private ErasureFind()
    {
    }

    /// <summary>The lines, in order.</summary>
    public IReadOnlyList<LineRange> Lines => _lines;

    /// <summary>What stays readable of the first of them, where the request asks for one call.</summary>
    public IReadOnlyList<KeptFields> Kept => _kept;

    /// <summary>How many lines.</summary>
    public long Count => _lines.Sum(range => range.Last - range.First + 1);

    /// <summary>Lines that are too short for their hash: no records.</summary>
    public long TooShort { get; private set; }

    /// <summary>Looks through a part.</summary>
    public static ErasureFind In(TrailHome home, PartName part, ErasureRequest request)
    {
        var found = new ErasureFind();
        if (DayFile.Find(home, part.UserFolder, part.File) is not { } file)
            return found;
        // Damage is thrown, not skipped: it may hold what is to be erased.
        using var lines = new LineReader(PartBytes.TryOpen(file.Path), 0, file.Length);
        for (var number = 0L; lines.TryRead(out var line); number++)
        {
            RecordHeader header = default;
            if (request.Id is { } id && !(RecordHeader.TryRead(line.Bytes, home.TimeZone, out header) && JsonText.Unescape(header.Id) == id))
                continue;
            // Of a line that is longer than any that is looked at there are no bytes here.
            if (lines.Offset - 1 - line.Offset < ErasedLine.LeastBytes)
                found.TooShort++;
            else if (!IsErased(file, line, lines.Offset))
                found.Add(number, request.Id is null ? null : KeptOf(number, header));
        }

        return found;
    }

    private static bool IsErased(DayFile file, FileLine line, long end)
    {
        if (!line.Bytes.IsEmpty)
            return ErasedLine.Is(line.Bytes);
        using var bytes = PartBytes.TryOpen(file.Path);
        var isErased = false;
        if (bytes is not null)
        {
            LeafReader.Read(bytes, line.Offset, end, 1, seesErased: true, (_, erased, _) =>
            {
                isErased = !erased.IsEmpty;
                return false;
            });
        }

        return isErased;
    }

    private static KeptFields KeptOf(long number, RecordHeader header)
    {
        var time = new byte[Rfc3339.Length];
        Rfc3339.Write(header.Timestamp, time);
        return new KeptFields(number, Encoding.ASCII.GetString(time), Cut(JsonText.Unescape(header.Tool)), Cut(JsonText.Unescape(header.Status)));
    }

    private static string Cut(string text) => text[..Math.Min(text.Length, MostKeptChars)];

    private void Add(long line, KeptFields? kept)
    {
        if (_lines.Count > 0 && _lines[^1].Last == line - 1)
            _lines[^1] = _lines[^1] with { Last = line };
        else
            _lines.Add(new LineRange(line, line));
        if (kept is { } fields && _kept.Count < MostKept)
            _kept.Add(fields);
    }
}
