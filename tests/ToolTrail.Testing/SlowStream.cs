namespace ToolTrail.Testing;

/// <summary>Bytes that come a few at a time, as from a network.</summary>
public sealed class SlowStream : Stream
{
    private readonly IEnumerator<byte[]> _parts;
    private ReadOnlyMemory<byte> _rest;

    /// <param name="parts">Each read gives bytes of one part; an exception that comes instead of a part is thrown to the reader.</param>
    public SlowStream(IEnumerable<byte[]> parts) => _parts = parts.GetEnumerator();

    /// <summary>All of the bytes, so many at a time.</summary>
    public SlowStream(byte[] bytes, int size)
        : this(bytes.Chunk(size))
    {
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_rest.IsEmpty)
        {
            if (!_parts.MoveNext())
                return 0;
            _rest = _parts.Current;
        }

        var length = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _parts.Dispose();
        base.Dispose(disposing);
    }
}
