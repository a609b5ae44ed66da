namespace ToolTrail.Fuzz.Targets;

/// <summary>A stream that hands out an input in pieces that end anywhere, one each time it is read.</summary>
internal sealed class PiecesStream(byte[] input) : MemoryStream(input)
{
    private static readonly int[] Lengths = [1, 7, 3, 64, 2, 31];

    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = Lengths[_reads++ % Lengths.Length] * (1 + ((int)Length / 4096));
        return ValueTask.FromResult(Read(buffer.Span[..Math.Min(length, buffer.Length)]));
    }
}
