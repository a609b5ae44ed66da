namespace ToolTrail.Server.Keys;

/// <summary>A key that a running server accepts. Disposed once the key opens nothing any more, or something else than before.</summary>
internal sealed class HeldKey : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    public HeldKey(ApiKey key)
    {
        Key = key;
        Hash = Convert.FromHexString(key.Hash);
        Ended = _end.Token;
    }

    public ApiKey Key { get; }

    public byte[] Hash { get; }

    /// <summary>Cancelled by <see cref="Dispose"/>, so that whatever the key opened ends.</summary>
    public CancellationToken Ended { get; }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }
}
