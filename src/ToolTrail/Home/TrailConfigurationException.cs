namespace ToolTrail.Home;

/// <summary>A configuration that cannot be used; the message says which file or variable, the line, and why.</summary>
public sealed class TrailConfigurationException : Exception
{
    /// <summary>Says where, what is wrong, and what would be right.</summary>
    public TrailConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
