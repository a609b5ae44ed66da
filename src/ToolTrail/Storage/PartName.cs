namespace ToolTrail.Storage;

/// <summary>A part of a user's day, among all of a home.</summary>
/// <param name="UserFolder">The user's folder name.</param>
/// <param name="File">Day and part.</param>
public readonly record struct PartName(string UserFolder, DayFileName File) : IComparable<PartName>
{
    /// <inheritdoc/>
    public int CompareTo(PartName other)
    {
        var order = string.CompareOrdinal(UserFolder, other.UserFolder);
        return order != 0 ? order : File.CompareTo(other.File);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{UserFolder}/{File}";
}
