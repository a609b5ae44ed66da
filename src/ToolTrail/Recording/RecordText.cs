using System.Buffers;

namespace ToolTrail.Recording;

/// <summary>A record's text in an input, or what is wrong where one should be.</summary>
/// <param name="Number">Its line's number, or its element's in an array, from 1.</param>
/// <param name="Json">The text; valid until the input is advanced.</param>
/// <param name="Error">Why it cannot be looked at; <c>null</c>: it can.</param>
internal readonly record struct RecordText(long Number, ReadOnlySequence<byte> Json, string? Error)
{
    /// <summary>A record that is longer than is taken.</summary>
    public static RecordText TooLong(long number) =>
        new(number, default, $"The record is longer than {RecordIngest.MaxRecordBytes >> 20} MiB: send less of its values, they are cut when stored.");

    /// <summary>Whether bytes are nothing but JSON's white space.</summary>
    public static bool IsBlank(ReadOnlySequence<byte> bytes)
    {
        foreach (var memory in bytes)
        {
            if (memory.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }

    /// <summary>The first byte; <c>null</c> when there is none.</summary>
    public static byte? FirstOf(ReadOnlySequence<byte> bytes)
    {
        // Segments may be empty.
        foreach (var memory in bytes)
        {
            if (!memory.IsEmpty)
                return memory.Span[0];
        }

        return null;
    }
}
