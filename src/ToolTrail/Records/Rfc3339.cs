namespace ToolTrail.Records;

/// <summary>Time stamps as the record format writes them (RFC 3339, UTC, milliseconds), and as older files have them (local, without offset).</summary>
internal static class Rfc3339
{
    /// <summary>Bytes that <see cref="Write"/> writes: <c>2026-11-23T14:35:11.668Z</c>.</summary>
    public const int Length = 24;

    /// <summary>Writes a time in UTC at milliseconds.</summary>
    public static void Write(DateTimeOffset time, Span<byte> output)
    {
        var utc = time.UtcDateTime;
        Digits(output[..4], utc.Year);
        output[4] = (byte)'-';
        Digits(output[5..7], utc.Month);
        output[7] = (byte)'-';
        Digits(output[8..10], utc.Day);
        output[10] = (byte)'T';
        Digits(output[11..13], utc.Hour);
        output[13] = (byte)':';
        Digits(output[14..16], utc.Minute);
        output[16] = (byte)':';
        Digits(output[17..19], utc.Second);
        output[19] = (byte)'.';
        WriteMilliseconds(time, output);
        output[23] = (byte)'Z';
    }

    /// <summary>Writes a time over one of the same second.</summary>
    public static void WriteMilliseconds(DateTimeOffset time, Span<byte> output) =>
        Digits(output[20..23], (int)(time.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMillisecond));

    /// <summary>Reads a time stamp: date, <c>T</c> or a space, time to the second, any fraction, <c>Z</c>, an offset or nothing.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="localTime">The zone of a time stamp without an offset.</param>
    /// <param name="time">The time.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, TimeZoneInfo localTime, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        if (!Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;

        // A leap second has no place in .NET's calendar: it is the last moment of its minute.
        var ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, 59)).Ticks;
        if (!Fraction(text[19..], out var fraction, out var rest) || !Offset(rest, out var offset))
            return false;
        ticks += second == 60 ? TimeSpan.TicksPerSecond - 1 : fraction;

        var span = offset is { } minutes ? TimeSpan.FromMinutes(minutes) : localTime.GetUtcOffset(new DateTime(ticks));
        var utc = ticks - span.Ticks;
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    private static bool Fraction(ReadOnlySpan<byte> text, out long ticks, out ReadOnlySpan<byte> rest)
    {
        ticks = 0;
        rest = text;
        if (text.IsEmpty || text[0] is not ((byte)'.' or (byte)','))
            return true;
        var unit = TimeSpan.TicksPerSecond;
        var i = 1;
        for (; i < text.Length && char.IsAsciiDigit((char)text[i]); i++)
            ticks += (text[i] - '0') * (unit /= 10);
        rest = text[i..];
        return i > 1;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out int? minutes)
    {
        minutes = null;
        if (text.IsEmpty)
            return true;
        if (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')
        {
            minutes = 0;
            return true;
        }

        if (text.Length != 6 || text[3] != ':' || !Number(text[1..3], out var hour) || !Number(text[4..6], out var minute) || hour > 14 || minute > 59)
            return false;
        minutes = text[0] switch { (byte)'+' => (hour * 60) + minute, (byte)'-' => -((hour * 60) + minute), _ => null };
        return minutes is not null;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = (value * 10) + (digit - '0');
        }

        return true;
    }

    private static void Digits(Span<byte> output, int value)
    {
        for (var i = output.Length - 1; i >= 0; i--, value /= 10)
            output[i] = (byte)('0' + (value % 10));
    }
}
