namespace ToolTrail.Home;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The known name that takes the fewest edits to come to; of a dotted one, its last part may do alone.</summary>
    public static string Of(string name, IEnumerable<string> known) =>
        known.MinBy(candidate => Math.Min(Distance(name, candidate), Distance(LastPart(name), LastPart(candidate)) + 1))!;

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    // Levenshtein, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
