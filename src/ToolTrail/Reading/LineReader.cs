using System.Buffers;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>
/// Reads a file's lines forward, those that begin at or behind an offset. Memory is bounded: a line over <see cref="MaxLineBytes"/> comes
/// as
/// an empty one.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>The longest line that is looked at. Ours are far shorter; other programs' need not be.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024;

    private readonly PartBytes? _file;
    private readonly long _end;
    private byte[] _buffer;
    private int _start;
    private int _searched;
    private int _filled;
    private long _fileOffset;
    private long _lineOffset;
    private bool _dropping;
    private bool _tooLong;

    /// <param name="file">The file, closed with the reader; <c>null</c> reads as an empty one.</param>
    /// <param name="from">Lines that begin before this offset are passed over.</param>
    /// <param name="end">Bytes from this offset on are not looked at.</param>
    /// <param name="bufferBytes">How much is read at once, while lines are shorter than that.</param>
    public LineReader(PartBytes? file, long from, long end, int bufferBytes = 256 * 1024)
    {
        _file = file;
        _end = end;
        // From the byte before: whether a line begins at an offset is told by the LF before it.
        _dropping = from > 0;
        _fileOffset = _lineOffset = Math.Max(0, from - 1);
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(end - _fileOffset, 1, bufferBytes));
    }

    /// <summary>Offset behind the last whole line that was given.</summary>
    public long Offset => _lineOffset;

    /// <summary>The next line that ends in LF; reads on as needed.</summary>
    /// <param name="line">The line without LF, valid until the next call.</param>
    /// <returns>False when the rest of the file is no whole line.</returns>
    public bool TryRead(out FileLine line)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_searched, _filled - _searched);
            var end = rest.IndexOf((byte)'\n');
            if (end >= 0)
            {
                end += _searched;
                line = new FileLine(_lineOffset, _tooLong || end - _start > MaxLineBytes ? default : _buffer.AsSpan(_start, end - _start));
                _lineOffset = _fileOffset - (_filled - end - 1);
                _start = _searched = end + 1;
                _tooLong = false;
                if (!_dropping)
                    return true;
                _dropping = false;
                continue;
            }

            _searched = _filled;
            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    /// <summary>What follows the last LF, once <see cref="TryRead"/> has found no more: a line that is not, or not yet, whole.</summary>
    public bool TryReadRest(out FileLine line)
    {
        var found = !_dropping && (_tooLong || _filled > _start);
        line = new FileLine(_lineOffset, _tooLong ? default : _buffer.AsSpan(_start, _filled - _start));
        _start = _searched = _filled;
        _tooLong = false;
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool Fill()
    {
        if (_tooLong || _dropping)
            _start = _filled;
        var kept = _filled - _start;
        if (kept > MaxLineBytes)
        {
            _tooLong = true;
            _start = _filled;
            kept = 0;
        }

        if (kept == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }

        (_start, _searched, _filled) = (0, kept, kept);
        var room = (int)Math.Min(_buffer.Length - kept, _end - _fileOffset);
        var read = _file is null || room <= 0 ? 0 : _file.Read(_buffer.AsSpan(kept, room), _fileOffset);
        _filled += read;
        _fileOffset += read;
        return read > 0;
    }
}

/// <summary>A line of a file.</summary>
internal readonly ref struct FileLine
{
    /// <param name="offset">Of its first byte.</param>
    /// <param name="bytes">Without LF.</param>
    public FileLine(long offset, ReadOnlySpan<byte> bytes)
    {
        Offset = offset;
        Bytes = bytes;
    }

    /// <summary>Of its first byte in the file.</summary>
    public long Offset { get; }

    /// <summary>Without LF.</summary>
    public ReadOnlySpan<byte> Bytes { get; }
}
