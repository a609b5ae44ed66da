using System.Buffers;

namespace ToolTrail.Recording;

/// <summary>
/// Finds the records of NDJSON, and those that were printed over several lines. A line that leaves an object open is taken together with those that
/// close it; one among them that begins with <c>{</c>, not indented, shows that the object was cut off, and is the next record itself.
/// </summary>
internal sealed class LineSplitter : IRecordSplitter
{
    private JsonNesting _nesting;
    private long _line;

    // At the input's beginning: whole lines that leave an object open, and bytes behind them that hold no line end.
    private long _open;
    private long _openLines;
    private long _seen;

    // Bytes whose lines are taken alone: what they left open was not closed. Looked at no third time, so that the whole takes linear time.
    private long _alone;

    private Skip _skip;
    private bool _isWithinLine;

    /// <param name="line">Number of the first line.</param>
    public LineSplitter(long line)
    {
        _line = line;
    }

    private enum Skip
    {
        Nothing,
        Line,
        Object,
    }

    /// <inheritdoc/>
    public bool TryRead(ref ReadOnlySequence<byte> input, bool isLast, out RecordText record)
    {
        record = default;
        while (_skip == Skip.Nothing || TrySkip(ref input))
        {
            var line = input.Slice(_open);
            var end = line.Slice(_seen).PositionOf((byte)'\n');
            if (end is { } lineFeed)
                line = line.Slice(0, line.GetPosition(1, lineFeed));
            if (_open + line.Length > RecordIngest.MaxRecordBytes)
            {
                record = RecordText.TooLong(_line);
                BeginSkip(ref input);
                return true;
            }

            if (end is null && !isLast)
            {
                _seen = line.Length;
                return false;
            }

            if (line.IsEmpty && _open == 0)
                return false;
            if (TryTake(ref input, line, out record))
                return true;
        }

        return false;
    }

    // Takes a line as a record, or as the end of one; or notes what it begins.
    private bool TryTake(ref ReadOnlySequence<byte> input, ReadOnlySequence<byte> line, out RecordText record)
    {
        record = default;
        _seen = 0;
        if (_open > 0 && RecordText.FirstOf(line) is null or (byte)'{')
            return GiveUpOpen();

        _nesting.Pass(line);
        if (_open > 0 && _nesting.IsInString)
            return GiveUpOpen();
        if (_nesting.Depth > 0 && !_nesting.IsInString && _alone == 0)
        {
            _open += line.Length;
            _openLines++;
            return false;
        }

        var isBlank = _open == 0 && RecordText.IsBlank(line);
        if (!isBlank)
            record = new RecordText(_line, input.Slice(0, _open + line.Length), null);
        Consume(ref input, _open + line.Length, _openLines + 1);
        _nesting = default;
        return !isBlank;
    }

    private bool GiveUpOpen()
    {
        _alone = _open;
        (_open, _openLines, _nesting) = (0, 0, default);
        return false;
    }

    private void BeginSkip(ref ReadOnlySequence<byte> input)
    {
        // The open lines are in the nesting already, the one behind them is not.
        _skip = _open > 0 ? Skip.Object : Skip.Line;
        Consume(ref input, _open, _openLines);
    }

    // Skips what is too long, to its end.
    private bool TrySkip(ref ReadOnlySequence<byte> input)
    {
        while (!input.IsEmpty)
        {
            var end = input.PositionOf((byte)'\n');
            var part = end is { } lineFeed ? input.Slice(0, input.GetPosition(1, lineFeed)) : input;
            var isNext = _skip == Skip.Object && !_isWithinLine && RecordText.FirstOf(part) == '{';
            if (!isNext)
            {
                _nesting.Pass(part);
                _isWithinLine = end is null;
                Consume(ref input, part.Length, _isWithinLine ? 0 : 1);
            }

            if (isNext || (!_isWithinLine && (_skip == Skip.Line || _nesting.Depth == 0 || _nesting.IsInString)))
            {
                (_skip, _nesting) = (Skip.Nothing, default);
                return true;
            }
        }

        return false;
    }

    private void Consume(ref ReadOnlySequence<byte> input, long length, long lines)
    {
        input = input.Slice(length);
        _line += lines;
        _alone = Math.Max(0, _alone - length);
        (_open, _openLines, _seen) = (0, 0, 0);
    }
}
