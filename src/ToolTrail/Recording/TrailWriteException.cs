namespace ToolTrail.Recording;

/// <summary>A record that could not be written (or not made durable) where the caller was promised that it would be.</summary>
public sealed class TrailWriteException : Exception
{
    /// <summary>Says which file, what failed, and what to do.</summary>
    public TrailWriteException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
