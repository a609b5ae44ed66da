using System.Buffers;

namespace ToolTrail.Recording;

/// <summary>Finds the elements of an array, behind its opening bracket.</summary>
internal sealed class ArraySplitter : IRecordSplitter
{
    private JsonNesting _nesting;
    private long _number;
    private long _seen;
    private bool _isTooLong;
    private State _state;

    private enum State
    {
        InArray,
        Behind,
        Ended,
    }

    /// <inheritdoc/>
    public bool TryRead(ref ReadOnlySequence<byte> input, bool isLast, out RecordText record)
    {
        record = default;
        while (_state == State.InArray)
        {
            var isComplete = _nesting.TryPassToSeparator(input.Slice(_seen), out var offset);
            var length = isComplete ? _seen + offset : input.Length;
            if (length > RecordIngest.MaxRecordBytes && !_isTooLong)
            {
                _isTooLong = true;
                record = RecordText.TooLong(++_number);
            }

            if (!isComplete)
                return Wait(ref input, isLast, ref record);
            if (Take(ref input, length, ref record))
                return true;
        }

        if (_state == State.Behind && !RecordText.IsBlank(input))
        {
            record = new RecordText(_number + 1, default, "Something follows the end of the array: the rest of the input was not read.");
            _state = State.Ended;
        }

        input = input.Slice(input.End);
        return record.Error is not null;
    }

    // Takes an element that ends here, with its comma or the array's end.
    private bool Take(ref ReadOnlySequence<byte> input, long length, ref RecordText record)
    {
        var element = input.Slice(0, length);
        var isEnd = RecordText.FirstOf(input.Slice(length)) == ']';
        input = input.Slice(length + 1);
        _seen = 0;
        _state = isEnd ? State.Behind : State.InArray;
        if (_isTooLong)
            _isTooLong = false;
        else if (!(isEnd && _number == 0 && RecordText.IsBlank(element)))
            record = new RecordText(++_number, element, null);
        return record.Number > 0;
    }

    private bool Wait(ref ReadOnlySequence<byte> input, bool isLast, ref RecordText record)
    {
        if (!isLast && !_isTooLong)
        {
            _seen = input.Length;
            return false;
        }

        var rest = input;
        input = input.Slice(input.End);
        _seen = 0;
        if (record.Number > 0 || !isLast)
            return record.Number > 0;
        if (!_isTooLong && !RecordText.IsBlank(rest))
        {
            record = new RecordText(++_number, rest, null);
            return true;
        }

        _state = State.Ended;
        record = new RecordText(_number + 1, default, "The input ended before the array did: was it cut off?");
        return true;
    }
}
