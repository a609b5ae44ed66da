namespace ToolTrail.Server.Keys;

/// <summary>Keys that cannot be read or changed as asked; the message says why and what to do. Nothing was changed.</summary>
public sealed class ApiKeyException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public ApiKeyException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
