using System.Buffers;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// Relays one direction, line by line and byte for byte: what arrives together goes on together, a line is never held longer than its
/// inspection takes.
/// </summary>
/// <remarks>
/// Runs on a thread of its own with blocking reads and writes: pipes have no asynchronous ones, and a hop to the thread pool for each message
/// would cost more than everything else here.
/// </remarks>
internal sealed class LinePump
{
    /// <summary>The longest line that is held and looked at as a whole, in bytes; a longer one is relayed as it comes.</summary>
    public const int MaxHeldLine = 64 * 1024 * 1024;

    private const int InitialBuffer = 64 * 1024;
    private const byte LineEnd = (byte)'\n';

    private readonly Stream _source;
    private readonly LineOutput _target;
    private readonly ILineInspector _inspector;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _passFrom;
    private int _passTo;

    /// <param name="source">Read until its end.</param>
    /// <param name="target">Where the lines go.</param>
    /// <param name="inspector">Asked about each line.</param>
    public LinePump(Stream source, LineOutput target, ILineInspector inspector)
    {
        _source = source;
        _target = target;
        _inspector = inspector;
    }

    /// <summary>Relays until one of the two ends is gone.</summary>
    /// <returns>Whether it was the source that ended.</returns>
    public bool Run()
    {
        try
        {
            Relay();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A broken pipe is how a reader that died is seen from here, or it is closed already, since the server has ended.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private void Relay()
    {
        var held = 0;
        while (true)
        {
            MakeRoom(held);
            var read = Read(_buffer.AsSpan(held));
            if (read == 0)
                break;
            held = RelayLines(searchFrom: held, filled: held + read);
            while (held >= MaxHeldLine)
                held = RelayLines(searchFrom: 0, filled: RelayLongLine(held));
        }

        if (held == 0)
            return;
        _passFrom = _passTo = 0;
        RelayLine(0, held);
        Pass();
    }

    /// <returns>How many bytes of an unfinished line stand at the buffer's start.</returns>
    private int RelayLines(int searchFrom, int filled)
    {
        var lineStart = 0;
        _passFrom = _passTo = 0;
        while (true)
        {
            var length = _buffer.AsSpan(searchFrom, filled - searchFrom).IndexOf(LineEnd) + 1;
            if (length == 0)
                break;
            searchFrom += length;
            RelayLine(lineStart, searchFrom);
            lineStart = searchFrom;
        }

        Pass();
        _buffer.AsSpan(lineStart, filled - lineStart).CopyTo(_buffer);
        return filled - lineStart;
    }

    private void RelayLine(int start, int end)
    {
        var inspection = _inspector.InspectAsync(_buffer.AsMemory(start, end - start));
        if (!inspection.IsCompleted)
            Pass();
        if (Await(inspection) is { } replacement)
        {
            Pass();
            if (replacement.Length > 0)
                _target.Write(replacement);
            _passFrom = end;
        }

        _passTo = end;
    }

    /// <summary>Sends the lines that were looked at and not sent yet.</summary>
    private void Pass()
    {
        if (_passTo > _passFrom)
            _target.Write(_buffer.AsSpan(_passFrom, _passTo - _passFrom));
        _passFrom = _passTo;
    }

    /// <returns>How many bytes after that line stand at the buffer's start.</returns>
    private int RelayLongLine(int held)
    {
        var line = new SkimmedMessage();
        line.Scan(_buffer.AsSpan(0, held));
        var passes = Await(_inspector.BeginLongLineAsync(line));
        var isCut = false;
        using var whole = _target.HoldLine();
        if (passes)
            _target.Write(_buffer.AsSpan(0, held));
        while (true)
        {
            var read = Read(_buffer);
            var end = _buffer.AsSpan(0, read).IndexOf(LineEnd) + 1;
            var isLast = end > 0 || read == 0;
            var part = _buffer.AsSpan(0, end > 0 ? end : read);
            line.Scan(part);
            isCut |= passes && !_inspector.GoesOn(line);
            if (isLast)
                Await(_inspector.EndLongLineAsync(line));
            if (passes && !isCut)
                _target.Write(part);
            else if (isCut && isLast)
                _target.Write([LineEnd]);
            if (!isLast)
                continue;
            _buffer.AsSpan(part.Length, read - part.Length).CopyTo(_buffer);
            return read - part.Length;
        }
    }

    private int Read(Span<byte> buffer)
    {
        try
        {
            return _source.Read(buffer);
        }
        catch (IOException)
        {
            // A connection that was reset instead of closed: it ended all the same.
            return 0;
        }
    }

    private void MakeRoom(int held)
    {
        if (held < _buffer.Length && (held > 0 || _buffer.Length <= InitialBuffer))
            return;
        var size = held == 0 ? InitialBuffer : 2 * _buffer.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, held).CopyTo(buffer);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = buffer;
    }

    // Each direction has a thread of its own, and it may wait: a message does not hop to another on its way.
    private static T Await<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    private static void Await(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
            task.AsTask().GetAwaiter().GetResult();
    }
}
