namespace ToolTrail.Server.Otlp;

/// <summary>How much of what exporters send is in memory at a time, however many there are and however well it was compressed.</summary>
internal sealed class OtlpIntake
{
    /// <summary>Longest request, uncompressed: 8 MiB, many times what SDKs and collectors send at once.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>All requests that are being read and stored together.</summary>
    public const int MostBytesAtOnce = 4 * MostBytes;

    private long _held;

    /// <summary>Takes room; it is given back by <see cref="Return"/>.</summary>
    /// <returns>False: there is none, and nothing was taken.</returns>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= MostBytesAtOnce)
            return true;
        Return(bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
