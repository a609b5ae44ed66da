using System.Buffers;

namespace ToolTrail.Recording;

/// <summary>Finds records in an input of one form. One thread at a time.</summary>
internal interface IRecordSplitter
{
    /// <summary>Finds the next record.</summary>
    /// <param name="input">What was read and not consumed; what is dealt with is cut off its beginning. The next call gets the same rest and more.</param>
    /// <param name="isLast">Whether nothing more will come.</param>
    /// <param name="record">What was found.</param>
    /// <returns>False when more has to be read first, or all is dealt with.</returns>
    bool TryRead(ref ReadOnlySequence<byte> input, bool isLast, out RecordText record);
}
