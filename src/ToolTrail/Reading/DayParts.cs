using System.Buffers;

namespace ToolTrail.Reading;

/// <summary>
/// The parts of a user's day as one run of bytes: a place in it is a part's offset behind all bytes of the parts before. Writers append to
/// the
/// last part only, so places never change.
/// </summary>
internal sealed class DayParts : IDisposable
{
    private const int WindowBytes = 64 * 1024;

    private readonly string _userFolder;
    private readonly DayFile[] _parts;
    private readonly long[] _starts;
    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    /// <param name="userFolder">The user's folder name.</param>
    /// <param name="parts">In order; at least one.</param>
    public DayParts(string userFolder, IEnumerable<DayFile> parts)
    {
        _userFolder = userFolder;
        _parts = [.. parts];
        _starts = new long[_parts.Length];
        for (var i = 1; i < _parts.Length; i++)
            _starts[i] = _starts[i - 1] + _parts[i - 1].Length;
    }

    public string UserFolder => _userFolder;

    public DateOnly Day => _parts[0].Name.Day;

    public long Length => _starts[^1] + _parts[^1].Length;

    /// <summary>When the last of the parts was written to.</summary>
    public DateTimeOffset LastWrite => _parts.Max(part => part.LastWrite);

    /// <summary>Reads the lines that begin within a range, part by part.</summary>
    /// <param name="from">First place.</param>
    /// <param name="to">Place behind the last.</param>
    /// <param name="take">Given a line's place and bytes, and whether it ends in LF.</param>
    public void ReadLines(long from, long to, TakeLine take)
    {
        for (var i = PartAt(from); i < _parts.Length && _starts[i] < to; i++)
        {
            var part = _parts[i];
            using var lines = new LineReader(part.TryOpen(), Math.Max(0, from - _starts[i]), part.Length, WindowBytes);
            while (lines.TryRead(out var line) && _starts[i] + line.Offset < to)
                take(_starts[i] + line.Offset, line.Bytes, ended: true);
            if (lines.TryReadRest(out var rest) && _starts[i] + rest.Offset < to)
                take(_starts[i] + rest.Offset, rest.Bytes, ended: false);
        }
    }

    /// <summary>The bytes at a place; fewer when the file shrank or vanished.</summary>
    /// <returns>Valid until the next call. Walking towards lower places costs a system call now and then.</returns>
    public ReadOnlySpan<byte> Read(long at, int length)
    {
        if (at < _windowStart || at + length > _windowStart + _windowLength)
            MoveWindow(at, length);
        var start = (int)(at - _windowStart);
        return _window.AsSpan(Math.Min(start, _windowLength), Math.Clamp(_windowLength - start, 0, length));
    }

    /// <summary>The position of the record at a place.</summary>
    public RecordPosition PositionOf(long at)
    {
        var part = PartAt(at);
        return new RecordPosition(_userFolder, _parts[part].Name, at - _starts[part]);
    }

    /// <summary>The place of a position; <c>null</c>: none of these parts'.</summary>
    public long? PlaceOf(RecordPosition position)
    {
        var part = Array.FindIndex(_parts, part => part.Name == position.File);
        return part >= 0 && position.UserFolder == _userFolder && position.Offset < _parts[part].Length
            ? _starts[part] + position.Offset
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_window.Length > 0)
            ArrayPool<byte>.Shared.Return(_window);
        _window = [];
        _windowLength = 0;
    }

    private int PartAt(long at)
    {
        var index = Array.BinarySearch(_starts, at);
        return index >= 0 ? index : ~index - 1;
    }

    // The wanted bytes at the window's end: the next that are wanted mostly stand before them.
    private void MoveWindow(long at, int length)
    {
        var part = PartAt(at);
        var end = at + length;
        _windowStart = Math.Max(_starts[part], Math.Min(at, end - WindowBytes));
        var bytes = (int)(end - _windowStart);
        if (_window.Length < bytes)
        {
            Dispose();
            _window = ArrayPool<byte>.Shared.Rent(bytes);
        }

        _windowLength = 0;
        using var file = _parts[part].TryOpen();
        var offset = _windowStart - _starts[part];
        for (var read = 1; file is not null && read > 0 && _windowLength < bytes; _windowLength += read)
            read = file.Read(_window.AsSpan(_windowLength, bytes - _windowLength), offset + _windowLength);
    }
}

/// <summary>Takes a line at a place of a day.</summary>
internal delegate void TakeLine(long at, ReadOnlySpan<byte> line, bool ended);
