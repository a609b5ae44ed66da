using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>A line of a process's mark: a day file at its first opening, or, without one, that records in the background begin.</summary>
/// <param name="User">Whose.</param>
/// <param name="File">Day and part.</param>
/// <param name="Length">How long it was then; 0: the process made it.</param>
internal sealed record RunNote(string User, DayFileName File, long Length)
{
    /// <summary>The line that says that records in the background begin.</summary>
    public static ReadOnlySpan<byte> Background => "[\"background\"]\n"u8;

    /// <summary>The line that says that everything that was recorded came to the disk.</summary>
    public static ReadOnlySpan<byte> Flushed => "[\"flushed\"]\n"u8;

    /// <summary>Reads a mark.</summary>
    /// <param name="mark">Its file.</param>
    /// <param name="background">Whether records in the background were begun, and may not have come to the disk.</param>
    public static List<RunNote> ReadAll(SafeFileHandle mark, out bool background)
    {
        // Through the handle: .NET's own opening would meet the lock on it.
        var bytes = new byte[RandomAccess.GetLength(mark)];
        LineScanner.ReadFully(mark, bytes, 0);
        var notes = new List<RunNote>();
        background = bytes.AsSpan().IndexOf(Background) >= 0 && !bytes.AsSpan().EndsWith(Flushed);
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryParse(line) is { } note)
                notes.Add(note);
        }

        return notes;
    }

    /// <summary>The line, LF included.</summary>
    public ReadOnlySpan<byte> ToLine()
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartArray();
            json.WriteStringValue(User);
            json.WriteStringValue(File.ToString());
            json.WriteNumberValue(Length);
            json.WriteEndArray();
        }

        line.Write("\n"u8);
        return line.WrittenSpan;
    }

    private static RunNote? TryParse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetArrayLength() == 3 && DayFileName.TryParse(json.RootElement[1].GetString(), out var file)
                ? new RunNote(json.RootElement[0].GetString()!, file, json.RootElement[2].GetInt64())
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The mark's own end may be torn: then the file that it meant to note is looked at like any other.
            return null;
        }
    }
}
