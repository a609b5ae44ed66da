namespace ToolTrail.Retention;

/// <summary>Nothing, or not all, could be erased; the message says why and what to do.</summary>
public sealed class ErasureException : Exception
{
    internal ErasureException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What was erased all the same; <c>null</c>: nothing was tried.</summary>
    public ErasureReport? Report { get; internal init; }
}
