using System.Buffers.Text;
using System.Collections.Immutable;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>
/// Where following goes on: in each day file, behind what was seen. A file that it does not name is read from its beginning. Kept as an
/// opaque text (<see cref="ToString"/>, <see cref="Parse"/>) between runs; the text grows with the number of files, about 10 characters
/// each.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class FollowPosition
{
    private const byte Version = 1;
    private const string StartText = "start";
    private const string EndText = "end";

    private readonly ImmutableSortedDictionary<FollowedFile, long> _offsets;

    internal FollowPosition(ImmutableSortedDictionary<FollowedFile, long> offsets)
    {
        _offsets = offsets;
    }

    /// <summary>Behind everything that is there when following starts.</summary>
    public static FollowPosition End { get; } = new(ImmutableSortedDictionary<FollowedFile, long>.Empty);

    /// <summary>Before the first record that is there.</summary>
    public static FollowPosition Start { get; } = new(ImmutableSortedDictionary<FollowedFile, long>.Empty);

    /// <summary>Reads the text of a position.</summary>
    /// <param name="text">As <see cref="ToString"/> gives it; also <c>start</c> and <c>end</c>.</param>
    /// <exception cref="InvalidCursorException">The text is no position.</exception>
    public static FollowPosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text is StartText or EndText)
            return text == StartText ? Start : End;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Base64Url.DecodeFromChars(text)));
            return reader.ReadByte() == Version ? new FollowPosition(ReadOffsets(reader)) : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException)
        {
            // Whatever is wrong with it, it is not a text that we wrote.
            throw InvalidCursorException.Foreign();
        }
    }

    /// <summary>Whether a record stands before this position, so that following from it does not yield that record.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="End"/>, which is no place yet: take <see
    /// cref="TrailReader.ReadEndAsync"/>.</exception>
    public bool IsBehind(RecordPosition record) => ReferenceEquals(this, End)
        ? throw new InvalidOperationException("Where the end is, is known only once it was looked for.")
        : record.Offset < OffsetOf(new FollowedFile(record.UserFolder, record.File));

    /// <inheritdoc/>
    public override string ToString()
    {
        if (ReferenceEquals(this, End))
            return EndText;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        foreach (var user in _offsets.GroupBy(entry => entry.Key.UserFolder))
        {
            writer.Write(user.Key);
            writer.Write7BitEncodedInt(user.Count());
            var day = 0;
            foreach (var (file, offset) in user)
            {
                writer.Write7BitEncodedInt(file.Name.Day.DayNumber - day);
                writer.Write7BitEncodedInt(file.Name.Part);
                writer.Write7BitEncodedInt64(offset);
                day = file.Name.Day.DayNumber;
            }
        }

        writer.Flush();
        return Base64Url.EncodeToString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Bytes of a file that were seen.</summary>
    internal long OffsetOf(FollowedFile file) => _offsets.GetValueOrDefault(file);

    /// <summary>The position with another file seen up to an offset.</summary>
    internal FollowPosition With(FollowedFile file, long offset) => new(_offsets.SetItem(file, offset));

    /// <summary>The position with nothing of a file seen.</summary>
    internal FollowPosition Without(FollowedFile file) => new(_offsets.Remove(file));

    private static ImmutableSortedDictionary<FollowedFile, long> ReadOffsets(BinaryReader reader)
    {
        var offsets = ImmutableSortedDictionary.CreateBuilder<FollowedFile, long>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var folder = reader.ReadString();
            var day = 0;
            for (var files = reader.Read7BitEncodedInt(); files > 0; files--)
            {
                day += reader.Read7BitEncodedInt();
                var file = new FollowedFile(folder, new DayFileName(DateOnly.FromDayNumber(day), reader.Read7BitEncodedInt()));
                var offset = reader.Read7BitEncodedInt64();
                offsets.Add(file, offset >= 0 ? offset : throw new FormatException());
            }
        }

        return offsets.ToImmutable();
    }
}

/// <summary>A day file of a user.</summary>
internal readonly record struct FollowedFile(string UserFolder, DayFileName Name) : IComparable<FollowedFile>
{
    public int CompareTo(FollowedFile other)
    {
        var order = string.CompareOrdinal(UserFolder, other.UserFolder);
        return order != 0 ? order : Name.CompareTo(other.Name);
    }
}
