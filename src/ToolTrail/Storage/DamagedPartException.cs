namespace ToolTrail.Storage;

/// <summary>A compressed part is not what was written: it was changed, or the disk is failing.</summary>
internal sealed class DamagedPartException : IOException
{
    public DamagedPartException(string message)
        : base(message)
    {
    }
}
