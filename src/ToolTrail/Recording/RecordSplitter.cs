using System.Buffers;

namespace ToolTrail.Recording;

/// <summary>Finds records in an input whose first character tells its form: an array, or lines.</summary>
internal sealed class RecordSplitter : IRecordSplitter
{
    private IRecordSplitter? _form;
    private long _line = 1;

    /// <inheritdoc/>
    public bool TryRead(ref ReadOnlySequence<byte> input, bool isLast, out RecordText record)
    {
        record = default;
        _form ??= FindForm(ref input);
        return _form is not null && _form.TryRead(ref input, isLast, out record);
    }

    private IRecordSplitter? FindForm(ref ReadOnlySequence<byte> input)
    {
        // A byte order mark may come first.
        var reader = new SequenceReader<byte>(input);
        while (reader.TryPeek(out var next) && next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF)
        {
            _line += next == '\n' ? 1 : 0;
            reader.Advance(1);
        }

        var isArray = reader.IsNext((byte)'[', advancePast: true);
        input = reader.UnreadSequence;
        return isArray ? new ArraySplitter() : reader.End ? null : new LineSplitter(_line);
    }
}
