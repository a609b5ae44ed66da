namespace ToolTrail.Mcp.Proxy;

/// <summary>A stream of lines that two directions may write to: the relayed lines, and the proxy's own answers between them.</summary>
internal sealed class LineOutput
{
    private readonly Stream _stream;
    private readonly Lock _lock = new();

    /// <param name="stream">Where to. Stays the caller's.</param>
    public LineOutput(Stream stream) => _stream = stream;

    /// <summary>Writes whole lines at once.</summary>
    /// <exception cref="IOException">The other end is gone.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        lock (_lock)
        {
            _stream.Write(lines);
            _stream.Flush();
        }
    }

    /// <summary>Keeps others out while one line is written in parts, by <see cref="Write"/> on the same thread.</summary>
    public Lock.Scope HoldLine() => _lock.EnterScope();
}
