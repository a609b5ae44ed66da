using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>The ids of a user's last 65,536 records of a day, so that a record sent again is not stored again.</summary>
internal sealed class OutcomeWindow
{
    /// <summary>Records looked back at.</summary>
    public const int Capacity = 65_536;

    private readonly HashSet<UInt128> _keys = [];
    private readonly Queue<UInt128> _order = [];

    /// <summary>Reads the window of a day from its files.</summary>
    /// <param name="parts">The day's parts, the last one first: open file and how much of it counts.</param>
    public static OutcomeWindow Load(IEnumerable<(PartBytes File, long Length)> parts)
    {
        var tails = new Stack<(PartBytes File, long Start, long Length)>();
        var missing = Capacity;
        foreach (var (file, length) in parts)
        {
            if (missing == 0)
                break;
            var start = LineScanner.StartOfLast(file, length, missing, out var found);
            missing -= found;
            tails.Push((file, start, length));
        }

        var window = new OutcomeWindow();
        foreach (var (file, start, length) in tails)
        {
            // A line that is no record is skipped: what stands behind it counts.
            for (var from = start; from < length;)
            {
                from = LineScanner.FindTorn(file, from, length, window.Add);
                if (from < length)
                    from = LineScanner.EndOfLine(file, from, length) is >= 0 and var next ? next : length;
            }
        }

        return window;
    }

    /// <summary>Whether a line with the same id, and the same side of the call (start or outcome), is among the last.</summary>
    /// <param name="line">With or without LF.</param>
    public bool Contains(ReadOnlySpan<byte> line) => TryKey(line, out var key) && _keys.Contains(key);

    /// <summary>Notes lines that now stand in the file.</summary>
    public void Add(ReadOnlySpan<byte> lines)
    {
        while (lines.IndexOf((byte)'\n') is >= 0 and var end)
        {
            // A line without an id takes its place in the window too: the window is of records, not of ids.
            TryKey(lines[..end], out var key);
            _order.Enqueue(key);
            if (key != default)
                _keys.Add(key);
            if (_order.Count > Capacity)
                _keys.Remove(_order.Dequeue());
            lines = lines[(end + 1)..];
        }
    }

    private static bool TryKey(ReadOnlySpan<byte> line, out UInt128 key)
    {
        key = default;
        if (!RecordHeader.TryRead(line.TrimEnd((byte)'\n'), TimeZoneInfo.Utc, out var header) || header.Id.IsEmpty)
            return false;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(header.Id, digest);
        if (header.Status.SequenceEqual("started"u8))
            digest[0] ^= 0xFF;
        key = MemoryMarshal.Read<UInt128>(digest);
        return true;
    }
}
