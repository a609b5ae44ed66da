namespace ToolTrail.Records;

/// <summary>How much of a value a record keeps. Lengths are Unicode code points. Whatever they are, a line never exceeds 65,535 bytes.</summary>
public sealed record RecordLimits
{
    /// <summary>Longest string in the arguments, and longest member name and other string. 1 to 10,000; default 500.</summary>
    public int StringChars { get; init; } = 500;

    /// <summary>Elements kept of an array. 1 to 10,000; default 100.</summary>
    public int ArrayItems { get; init; } = 100;

    /// <summary>Members kept of an object. 1 to 10,000; default 100.</summary>
    public int ObjectMembers { get; init; } = 100;

    /// <summary>Levels kept of nested values. 1 to 64; default 16.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>Code points kept of the result. 0 to 10,000; default 300.</summary>
    public int SnippetChars { get; init; } = 300;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    internal void Validate()
    {
        Check(StringChars, 1, 10_000, nameof(StringChars));
        Check(ArrayItems, 1, 10_000, nameof(ArrayItems));
        Check(ObjectMembers, 1, 10_000, nameof(ObjectMembers));
        Check(Depth, 1, 64, nameof(Depth));
        Check(SnippetChars, 0, 10_000, nameof(SnippetChars));
    }

    private static void Check(int value, int least, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
