namespace ToolTrail.Storage;

/// <summary>A lock was not to be had: somebody else held it all the time that was waited for it. Nothing is wrong with the disk.</summary>
internal sealed class LockTimeoutException : IOException
{
    public LockTimeoutException(string folder, TimeSpan patience)
        : base($"somebody else has held the lock of '{folder}' for {patience.TotalSeconds:0} s")
    {
    }
}
