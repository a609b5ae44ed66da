using ToolTrail.Integrity;
using ToolTrail.Records;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>A part's lines with some of them erased. Read once from the beginning to the end, in order.</summary>
internal sealed class ErasedBytes : PartBytes
{
    private readonly PartBytes _lines;
    private readonly Predicate<long> _isErased;
    private byte[] _buffer = new byte[1024 * 1024];
    private long _start;
    private int _ready;
    private int _filled;
    private long _number;

    public ErasedBytes(PartBytes lines, Predicate<long> isErased)
    {
        _lines = lines;
        _isErased = isErased;
    }

    /// <inheritdoc/>
    public override long Length => _lines.Length;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer, long offset)
    {
        while (offset >= _start + _ready)
        {
            if (!Advance())
                return 0;
        }

        var from = (int)(offset - _start);
        var count = Math.Min(buffer.Length, _ready - from);
        _buffer.AsSpan(from, count).CopyTo(buffer);
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The lines are their owner's.
    }

    // What was read is let go; the next whole lines are made ready.
    private bool Advance()
    {
        _buffer.AsSpan(_ready, _filled - _ready).CopyTo(_buffer);
        (_start, _filled, _ready) = (_start + _ready, _filled - _ready, 0);
        while (true)
        {
            var read = _lines.Read(_buffer.AsSpan(_filled), _start + _filled);
            _filled += read;
            var end = _buffer.AsSpan(0, _filled).LastIndexOf((byte)'\n') + 1;
            // Behind the last LF of a closed part stands nothing; whatever does is handed on as it is.
            _ready = read == 0 && end == 0 ? _filled : end;
            if (_ready > 0)
            {
                Erase(_buffer.AsSpan(0, _ready));
                return true;
            }

            if (read == 0)
                return false;
            if (_filled == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private void Erase(Span<byte> lines)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        for (int end; (end = lines.IndexOf((byte)'\n')) >= 0; lines = lines[(end + 1)..], _number++)
        {
            var line = lines[..end];
            if (!_isErased(_number) || ErasedLine.Is(line))
                continue;
            MerkleHash.Leaf(line).CopyTo(hash);
            ErasedLine.Write(line, hash);
        }
    }
}
