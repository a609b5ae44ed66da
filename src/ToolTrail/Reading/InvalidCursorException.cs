namespace ToolTrail.Reading;

/// <summary>A cursor that this trail did not give out, or whose line is no longer what it was.</summary>
public sealed class InvalidCursorException : Exception
{
    /// <summary>Says what is wrong with the cursor and what to do.</summary>
    public InvalidCursorException(string message)
        : base(message)
    {
    }
}
