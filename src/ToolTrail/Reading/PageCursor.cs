using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>
/// The last record of a page: its position, the key that users were merged by, and a check of its line. As text: base64url of a version
/// byte,
/// day number, part, offset, key and check, big-endian, then the folder in UTF-8.
/// </summary>
internal sealed record PageCursor(RecordPosition Position, long Key, ulong Check)
{
    private const byte Version = 1;
    private const int FixedBytes = 1 + 4 + 4 + 8 + 8 + 8;
    private const int LongestText = 1024;

    /// <summary>Makes the cursor of a record.</summary>
    public static PageCursor Of(StoredRecord record, long key) => new(record.Position, key, CheckOf(record.Line.Span));

    /// <summary>Reads a cursor's text; what it names is not looked at yet.</summary>
    /// <exception cref="InvalidCursorException">The text is none.</exception>
    public static PageCursor Parse(string text)
    {
        var bytes = text.Length <= LongestText && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        if (bytes.Length <= FixedBytes || bytes[0] != Version)
            throw InvalidCursorException.Foreign();

        var day = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
        var part = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5));
        var offset = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(9));
        var folder = Encoding.UTF8.GetString(bytes.AsSpan(FixedBytes));
        if (day < 0 || day > DateOnly.MaxValue.DayNumber || part < 1 || offset < 0 || !IsFolderName(folder))
            throw InvalidCursorException.Foreign();

        var file = new DayFileName(DateOnly.FromDayNumber(day), part);
        return new PageCursor(
            new RecordPosition(folder, file, offset),
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(17)),
            BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(25)));
    }

    /// <summary>Looks whether the cursor's line is there and what it was.</summary>
    /// <exception cref="InvalidCursorException">It is not.</exception>
    public void Verify(TrailHome home)
    {
        if (DayFile.Find(home, Position.UserFolder, Position.File) is not { } file || Position.Offset >= file.Length)
            throw InvalidCursorException.Stale();
        using var lines = new LineReader(file.TryOpen(), Position.Offset, file.Length, bufferBytes: 4096);
        var found = lines.TryRead(out var line) || lines.TryReadRest(out line);
        if (!found || line.Offset != Position.Offset || CheckOf(line.Bytes) != Check)
            throw InvalidCursorException.Stale();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var folder = Encoding.UTF8.GetBytes(Position.UserFolder);
        var bytes = new byte[FixedBytes + folder.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Position.File.Day.DayNumber);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Position.File.Part);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), Position.Offset);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(17), Key);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(25), Check);
        folder.CopyTo(bytes.AsSpan(FixedBytes));
        return Base64Url.EncodeToString(bytes);
    }

    // Not every folder's name, but every one that a user's name can become: none that leads elsewhere.
    private static bool IsFolderName(string text) =>
        text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '@' or '-' or '%');

    private static ulong CheckOf(ReadOnlySpan<byte> line)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
