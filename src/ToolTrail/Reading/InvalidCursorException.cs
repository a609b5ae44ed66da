namespace ToolTrail.Reading;

/// <summary>A cursor or a follow position that this trail did not give out, or a cursor whose line is no longer what it was.</summary>
public sealed class InvalidCursorException : Exception
{
    /// <summary>Says what is wrong with the cursor and what to do.</summary>
    public InvalidCursorException(string message)
        : base(message)
    {
    }

    internal static InvalidCursorException Foreign() =>
        new("This is not a cursor of this trail. Take it from the page before, unchanged, or begin without one.");

    internal static InvalidCursorException Stale() =>
        new("The record that this cursor stands on is no longer there. Begin again without a cursor.");
}
