using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>Finds a line's time without reading the line, where it stands first, as the format has it.</summary>
internal static class LineTime
{
    private const int LongestTime = 40;

    /// <param name="line">The line without LF.</param>
    /// <param name="zone">The zone of a time stamp without an offset.</param>
    /// <param name="ticks">UTC ticks.</param>
    /// <returns>False when the line is no record. True promises only that it begins like one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, TimeZoneInfo zone, out long ticks)
    {
        var start = line.StartsWith("{\"ts\":\""u8) ? 7 : line.StartsWith("{\"ts\": \""u8) ? 8 : 0;
        if (start > 0)
        {
            var text = line[start..Math.Min(line.Length, start + LongestTime)];
            var end = text.IndexOf((byte)'"');
            if (end > 0 && Rfc3339.TryParse(text[..end], zone, out var time))
            {
                ticks = time.Ticks;
                return true;
            }
        }

        var found = RecordHeader.TryRead(line, zone, out var header);
        ticks = header.Timestamp.UtcTicks;
        return found;
    }
}
