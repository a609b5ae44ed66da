namespace ToolTrail.Records;

/// <summary>A record from outside that may not be stored as it is; the message says which field and why. Nothing was written.</summary>
public sealed class RecordRefusedException : Exception
{
    /// <summary>Says what is wrong with which field, and what to do.</summary>
    public RecordRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
