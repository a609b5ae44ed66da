namespace ToolTrail.Storage;

/// <summary>A sync failed: whatever was appended since the last one may not be on disk, and a second try would not tell.</summary>
internal sealed class SyncFailedException : IOException
{
    public SyncFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
