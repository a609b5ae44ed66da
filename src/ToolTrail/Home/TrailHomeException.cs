namespace ToolTrail.Home;

/// <summary>A home that cannot be used; the message says which, why, and what to do.</summary>
public sealed class TrailHomeException : Exception
{
    /// <summary>Says which home, what is wrong with it, and what to do.</summary>
    public TrailHomeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
