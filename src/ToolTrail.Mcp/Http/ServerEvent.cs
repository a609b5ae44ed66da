using System.Text;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>One event of a <c>text/event-stream</c> (WHATWG HTML, Server-sent events), its blank line included.</summary>
internal static class ServerEvent
{
    /// <summary>Where the first event ends; -1: it does not yet.</summary>
    /// <param name="stream">The stream from the beginning of the event.</param>
    /// <param name="searched">How much of it was searched before, and need not be again; then how much of the next event was.</param>
    public static int EndOf(ReadOnlySpan<byte> stream, ref int searched)
    {
        while (LineLength(stream[searched..], out var end) is >= 0 and var length)
        {
            var lineEnd = searched + length;
            searched = lineEnd + end;
            // The line is blank: it begins behind the end of another, or with the event.
            if (lineEnd > 0 && stream[lineEnd - 1] is not ((byte)'\r' or (byte)'\n'))
                continue;
            (var found, searched) = (searched, 0);
            return found;
        }

        searched = stream is [.., (byte)'\r'] ? stream.Length - 1 : stream.Length;
        return -1;
    }

    /// <summary>Has an event's message looked at.</summary>
    /// <returns><c>null</c>: the event goes on as it is. Otherwise the event in its place.</returns>
    public static async ValueTask<byte[]?> InspectAsync(ReadOnlyMemory<byte> serverEvent, ServerInspector inspector)
    {
        var data = FieldOf(serverEvent.Span, "data:"u8);
        return data.Length > 0 && await inspector.InspectAsync(data) is { } replaced ? Replace(serverEvent.Span, replaced) : null;
    }

    /// <summary>The same event with other data, which is one line.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> serverEvent, ReadOnlySpan<byte> data)
    {
        using var bytes = new MemoryStream();
        while (LineLength(serverEvent, out var end) is > 0 and var length)
        {
            if (!serverEvent[..length].StartsWith("data"u8))
                bytes.Write(serverEvent[..(length + end)]);
            serverEvent = serverEvent[(length + end)..];
        }

        bytes.Write([.. "data: "u8, .. data.TrimEnd("\r\n"u8), .. "\n\n"u8]);
        return bytes.ToArray();
    }

    /// <summary>What an event that is not there to its end says, from its first line of data on.</summary>
    public static ReadOnlySpan<byte> FirstDataOf(ReadOnlySpan<byte> serverEvent)
    {
        while (!serverEvent.StartsWith("data:"u8) && LineLength(serverEvent, out var end) is >= 0 and var length)
            serverEvent = serverEvent[(length + end)..];
        return serverEvent.StartsWith("data:"u8) ? serverEvent["data:"u8.Length..] : serverEvent;
    }

    /// <summary>Where the client is told to post its messages (HTTP with SSE, 2024-11-05); <c>null</c>: the event tells something else.</summary>
    public static string? EndpointOf(ReadOnlySpan<byte> serverEvent)
    {
        // Of several types, the last is the event's.
        var types = FieldOf(serverEvent, "event:"u8).AsSpan();
        return types[(types.LastIndexOf((byte)'\n') + 1)..].Trim(" \t"u8).SequenceEqual("endpoint"u8) ? Encoding.UTF8.GetString(FieldOf(serverEvent, "data:"u8)) : null;
    }

    /// <summary>An event with a message that is one line.</summary>
    public static byte[] OfMessage(ReadOnlySpan<byte> message) => Replace("event: message\n"u8, message);

    // The values of all lines with this field, a line each.
    private static byte[] FieldOf(ReadOnlySpan<byte> serverEvent, ReadOnlySpan<byte> field)
    {
        using var values = new MemoryStream();
        while (LineLength(serverEvent, out var end) is > 0 and var length)
        {
            var line = serverEvent[..length];
            serverEvent = serverEvent[(length + end)..];
            if (!line.StartsWith(field))
                continue;
            if (values.Length > 0)
                values.WriteByte((byte)'\n');
            values.Write(line[field.Length..] is [(byte)' ', .. var value] ? value : line[field.Length..]);
        }

        return values.ToArray();
    }

    // A line ends in LF, CR or CR LF; a CR at the end of what is there may be half of one.
    private static int LineLength(ReadOnlySpan<byte> stream, out int end)
    {
        var length = stream.IndexOfAny((byte)'\r', (byte)'\n');
        end = length >= 0 && stream[length] == '\r' && length + 1 < stream.Length && stream[length + 1] == '\n' ? 2 : 1;
        return length >= 0 && stream[length] == '\r' && length + 1 == stream.Length ? -1 : length;
    }
}
