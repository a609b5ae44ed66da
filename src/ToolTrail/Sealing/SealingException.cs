namespace ToolTrail.Sealing;

/// <summary>The trail cannot be sealed as it stands; the message says what is wrong and what to do. Recording is not concerned.</summary>
public sealed class SealingException : Exception
{
    internal SealingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
