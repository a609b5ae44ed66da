using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>
/// Where a record stands, for ever: day files only grow, so a line's first byte never moves. Ordered by folder, day, part, offset.
/// </summary>
/// <param name="UserFolder">The user's folder name.</param>
/// <param name="File">Day and part.</param>
/// <param name="Offset">Of the line's first byte in the file.</param>
public readonly record struct RecordPosition(string UserFolder, DayFileName File, long Offset) : IComparable<RecordPosition>
{
    /// <inheritdoc/>
    public int CompareTo(RecordPosition other)
    {
        var order = string.CompareOrdinal(UserFolder, other.UserFolder);
        if (order == 0)
            order = File.CompareTo(other.File);
        return order != 0 ? order : Offset.CompareTo(other.Offset);
    }
}
