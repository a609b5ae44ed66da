using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>
/// The lines that begin in one block of a day: <see cref="Bytes"/> at a fixed place, so that a block is the same whenever it is read.
/// </summary>
internal sealed class LineBlock
{
    /// <summary>
    /// Size of a block. It bounds how far out of order records may stand and still be put right, see
    /// docs/decisions/0011-the-order-of-pages.md.
    /// </summary>
    public const int Bytes = 512 * 1024;

    private LineBlock(long number)
    {
        Number = number;
    }

    /// <summary>From 0, at the day's begin.</summary>
    public long Number { get; }

    /// <summary>The lines that look like records, in order.</summary>
    public List<LineKey> Lines { get; } = [];

    /// <summary>The newest of their times; the least value when there are none.</summary>
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>Lines that are no records.</summary>
    public long Skipped { get; private set; }

    /// <summary>Reads a block.</summary>
    /// <param name="parts">The day.</param>
    /// <param name="number">Any number: a block outside the day is empty.</param>
    /// <param name="zone">The zone of time stamps without an offset.</param>
    /// <param name="mayGrow">Whether the day's last line, when it lacks its LF, may be one that is just being written.</param>
    public static LineBlock Read(DayParts parts, long number, TimeZoneInfo zone, bool mayGrow)
    {
        var block = new LineBlock(number);
        var from = number * Bytes;
        if (number >= 0 && from < parts.Length)
        {
            parts.ReadLines(from, Math.Min(from + Bytes, parts.Length), (at, line, ended) =>
            {
                if (LineTime.TryRead(line, zone, out var time) && (ended || RecordHeader.TryRead(line, zone, out _)))
                    block.Add(new LineKey(time, at, line.Length));
                else if ((ended || !mayGrow) && !ErasedLine.Is(line))
                    block.Skipped++;
            });
        }

        return block;
    }

    private void Add(LineKey line)
    {
        Lines.Add(line);
        Newest = Math.Max(Newest, line.Time);
    }
}

/// <summary>A line's time and place. Sorts newest first: by time, then place, both descending.</summary>
/// <param name="Time">UTC ticks.</param>
/// <param name="At">Its place in the day.</param>
/// <param name="Length">Bytes without LF.</param>
internal readonly record struct LineKey(long Time, long At, int Length) : IComparable<LineKey>
{
    public int CompareTo(LineKey other) => Time != other.Time ? other.Time.CompareTo(Time) : other.At.CompareTo(At);
}
