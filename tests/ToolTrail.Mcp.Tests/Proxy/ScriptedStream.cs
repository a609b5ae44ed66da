namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>A stream that is read in the parts that it was given, as a pipe hands them out.</summary>
internal sealed class ScriptedStream(IEnumerable<ReadOnlyMemory<byte>> parts) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _parts = new(parts.Where(part => !part.IsEmpty));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (!_parts.TryDequeue(out var part))
            return 0;
        var length = Math.Min(part.Length, buffer.Length);
        part.Span[..length].CopyTo(buffer);
        if (length == part.Length)
            return length;
        var rest = _parts.ToArray();
        _parts.Clear();
        _parts.Enqueue(part[length..]);
        foreach (var later in rest)
            _parts.Enqueue(later);
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
