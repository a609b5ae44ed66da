using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>Looks through the lines of an open file.</summary>
internal static class LineScanner
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Longest line that is looked at as a whole. A longer one, which no ToolTrail wrote, counts as whole when it ends.</summary>
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>Told each run of whole lines, LFs included.</summary>
    public delegate void LinesFound(ReadOnlySpan<byte> lines);

    /// <summary>Finds the first line that a torn write left: no JSON object, or without its LF.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Where a line begins.</param>
    /// <param name="to">Where to stop; the file's length.</param>
    /// <param name="whole">Told the lines before it, in order.</param>
    /// <returns>Where the torn line begins; <paramref name="to"/> when there is none.</returns>
    public static long FindTorn(PartBytes file, long from, long to, LinesFound? whole = null)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (from < to)
            {
                var read = ReadFully(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from)), from);
                var lines = read[..(read.LastIndexOf((byte)'\n') + 1)];
                if (lines.IsEmpty && read.Length == buffer.Length && buffer.Length < LongestLine)
                {
                    // A line longer than the buffer.
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    continue;
                }

                if (lines.IsEmpty)
                {
                    var end = EndOfLine(file, from + read.Length, to);
                    if (end < 0)
                        return from;
                    from = end;
                    continue;
                }

                var good = WholeLines(lines);
                whole?.Invoke(lines[..good]);
                from += good;
                if (good < lines.Length)
                    return from;
            }

            return to;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Finds where the last lines of a file begin.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">Its length; the last byte is an LF.</param>
    /// <param name="count">How many lines, from 1.</param>
    /// <param name="found">How many there are, at most <paramref name="count"/>.</param>
    public static long StartOfLast(PartBytes file, long length, int count, out int found)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            found = 0;
            for (var end = length; end > 0;)
            {
                var start = Math.Max(0, end - buffer.Length);
                var chunk = ReadFully(file, buffer.AsSpan(0, (int)(end - start)), start);
                for (int at; (at = chunk.LastIndexOf((byte)'\n')) >= 0; chunk = chunk[..at])
                {
                    // The file's last LF ends a line; every other one also begins the next.
                    if (start + at + 1 < length && ++found == count)
                        return start + at + 1;
                }

                end = start;
            }

            found += length > 0 ? 1 : 0;
            return 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a range that is known to be there.</summary>
    /// <exception cref="EndOfStreamException">It is not.</exception>
    public static ReadOnlySpan<byte> ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        using var bytes = PartBytes.Of(file);
        return ReadFully(bytes, buffer, offset);
    }

    /// <summary>Reads a range that is known to be there.</summary>
    /// <exception cref="EndOfStreamException">It is not.</exception>
    public static ReadOnlySpan<byte> ReadFully(PartBytes file, Span<byte> buffer, long offset)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var read = file.Read(buffer[done..], offset + done);
            if (read == 0)
                throw new EndOfStreamException("the file became shorter while it was read");
            done += read;
        }

        return buffer;
    }

    private static int WholeLines(ReadOnlySpan<byte> lines)
    {
        var good = 0;
        while (good < lines.Length)
        {
            var end = lines[good..].IndexOf((byte)'\n');
            if (!IsWhole(lines.Slice(good, end)))
                return good;
            good += end + 1;
        }

        return good;
    }

    // An object of another program is none of ours, but it is whole; so is an empty line.
    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        if (RecordHeader.TryRead(line, TimeZoneInfo.Utc, out _))
            return true;
        line = line.TrimEnd("\r "u8);
        if (line.IsEmpty)
            return true;
        if (line[0] != '{' || line[^1] != '}')
            return false;
        try
        {
            var reader = new Utf8JsonReader(line, RecordHeader.ReaderOptions);
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            // That is the question: not JSON.
            return false;
        }
    }

    /// <summary>Finds where the line at a place ends.</summary>
    /// <returns>Behind its LF; -1 when it has none.</returns>
    public static long EndOfLine(PartBytes file, long from, long to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (; from < to; from += buffer.Length)
            {
                var at = ReadFully(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from)), from).IndexOf((byte)'\n');
                if (at >= 0)
                    return from + at + 1;
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
