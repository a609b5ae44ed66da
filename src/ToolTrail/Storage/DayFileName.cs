using System.Globalization;

namespace ToolTrail.Storage;

/// <summary>A part of a day in a user's folder: <c>2026-11-23.jsonl</c> is part 1, <c>2026-11-23.2.jsonl</c> part 2.</summary>
/// <param name="Day">The day, in the home's zone.</param>
/// <param name="Part">From 1.</param>
public readonly record struct DayFileName(DateOnly Day, int Part) : IComparable<DayFileName>
{
    private const string Extension = ".jsonl";

    /// <summary>Reads a file's name.</summary>
    /// <param name="fileName">A name without its folder.</param>
    /// <param name="name">The part it names.</param>
    /// <returns>False for a file that is no day file.</returns>
    public static bool TryParse(ReadOnlySpan<char> fileName, out DayFileName name)
    {
        name = default;
        if (!fileName.EndsWith(Extension, StringComparison.Ordinal) || fileName.Length < 10 + Extension.Length)
            return false;
        if (!DateOnly.TryParseExact(fileName[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return false;

        var part = 1;
        var middle = fileName[10..^Extension.Length];
        if (middle.Length > 0 && !(middle[0] == '.' && TryParsePart(middle[1..], out part)))
            return false;

        name = new DayFileName(day, part);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(DayFileName other) => Day != other.Day ? Day.CompareTo(other.Day) : Part.CompareTo(other.Part);

    /// <summary>The name without its extension: what stands beside a part has the same.</summary>
    public string Stem => Part == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Day:yyyy-MM-dd}")
        : string.Create(CultureInfo.InvariantCulture, $"{Day:yyyy-MM-dd}.{Part}");

    /// <inheritdoc/>
    public override string ToString() => Stem + Extension;

    // One spelling per part: no sign, no leading zero, and part 1 has no number.
    private static bool TryParsePart(ReadOnlySpan<char> text, out int part) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out part) && part >= 2 && text[0] != '0';
}
