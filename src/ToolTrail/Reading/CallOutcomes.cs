using ToolTrail.Home;
using ToolTrail.Records;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>
/// Knows which calls have an outcome behind their <c>started</c> line. Reads on from there to the end of the user's trail, each line once;
/// remembers 64 bits an outcome.
/// </summary>
internal sealed class CallOutcomes
{
    // Starts come newest first, so the one after this is likely not far before it.
    private const long ReadAhead = 256 * 1024;

    private readonly TrailHome _home;
    private readonly Dictionary<string, KnownOutcomes> _users = [];

    public CallOutcomes(TrailHome home)
    {
        _home = home;
    }

    /// <summary>Whether a line says that a call began.</summary>
    public static bool IsStart(in RecordHeader header) => header.Status.SequenceEqual("started"u8);

    /// <summary>A call's id in 64 bits (FNV-1a): two of a day's calls share one with a chance of less than one in a million.</summary>
    public static ulong KeyOf(ReadOnlySpan<byte> id)
    {
        var key = 0xCBF29CE484222325UL;
        foreach (var value in id)
            key = (key ^ value) * 0x100000001B3UL;
        return key;
    }

    /// <summary>Whether the outcome of a call stands behind its start.</summary>
    /// <param name="start">Where the <c>started</c> line stands.</param>
    /// <param name="id">The call's id, raw; without one no outcome is known.</param>
    public bool Has(RecordPosition start, ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty)
            return false;
        if (!_users.TryGetValue(start.UserFolder, out var known))
            _users.Add(start.UserFolder, known = new KnownOutcomes(start.UserFolder, DayFile.Names(_home, start.UserFolder)));
        if (start.CompareTo(known.From) < 0)
            Extend(known, start with { Offset = Math.Max(0, start.Offset - ReadAhead) });
        return known.Keys.Contains(KeyOf(id));
    }

    private void Extend(KnownOutcomes known, RecordPosition from)
    {
        foreach (var name in known.Files.Where(name => name.CompareTo(from.File) >= 0 && name.CompareTo(known.From.File) <= 0))
        {
            if (DayFile.Find(_home, from.UserFolder, name) is not { } file)
                continue;
            var end = name == known.From.File ? known.From.Offset : file.Length;
            var begin = name == from.File ? from.Offset : 0;
            using var records = new RecordReader(from.UserFolder, file, begin, _home.TimeZone, LastLine.TakeRecord);
            while (records.TryRead(out var header, out var line) && line.Offset < end)
            {
                if (!IsStart(header) && !header.Id.IsEmpty)
                    known.Keys.Add(KeyOf(header.Id));
            }
        }

        known.From = from;
    }

    private sealed class KnownOutcomes
    {
        public KnownOutcomes(string userFolder, List<DayFileName> files)
        {
            Files = files;
            From = new RecordPosition(userFolder, new DayFileName(DateOnly.MaxValue, int.MaxValue), 0);
        }

        public List<DayFileName> Files { get; }

        // Of the outcomes in lines that begin here or later.
        public HashSet<ulong> Keys { get; } = [];

        public RecordPosition From { get; set; }
    }
}
