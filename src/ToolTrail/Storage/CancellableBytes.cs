namespace ToolTrail.Storage;

/// <summary>A part's bytes that can be read until somebody ends it: what reads a large part from its beginning to its end takes its time.</summary>
internal sealed class CancellableBytes : PartBytes
{
    private readonly PartBytes _bytes;
    private readonly CancellationToken _cancellationToken;

    /// <param name="bytes">The bytes, which stay their owner's.</param>
    /// <param name="cancellationToken">Ends it: the next read throws.</param>
    public CancellableBytes(PartBytes bytes, CancellationToken cancellationToken)
    {
        (_bytes, _cancellationToken) = (bytes, cancellationToken);
    }

    /// <inheritdoc/>
    public override long Length => _bytes.Length;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer, long offset)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        return _bytes.Read(buffer, offset);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The bytes are their owner's.
    }
}
