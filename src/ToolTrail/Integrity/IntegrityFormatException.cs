namespace ToolTrail.Integrity;

/// <summary>A note, key, checkpoint, proof or tile is not in its format; the message says what is wrong with it.</summary>
public sealed class IntegrityFormatException : FormatException
{
    /// <param name="message">What is wrong.</param>
    public IntegrityFormatException(string message)
        : base(message)
    {
    }
}
