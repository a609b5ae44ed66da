using System.Buffers;
using System.Diagnostics;
using ToolTrail.Records;

namespace ToolTrail.Bench.Measures;

/// <summary>What the codec alone costs, on one thread: the best of many short rounds, so that other programs disturb little.</summary>
internal static class CodecMeasure
{
    private const int Rounds = 500;

    public static Figures Run(SampleKind kind)
    {
        var codec = new RecordCodec(new RecordLimits(), new RedactionSettings(), new byte[32]);
        ToolCallRecord[] records = [.. SampleCalls.Make(kind).Select(call => call.ToRecord())];
        var output = new ArrayBufferWriter<byte>(1 << 16);
        byte[][] lines = [.. records.Select(Encode)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var encode = Best(records, record =>
        {
            output.ResetWrittenCount();
            codec.Encode(record, DateTimeOffset.UnixEpoch, Guid.Empty, output);
        });
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var header = Best(lines, line =>
        {
            if (!RecordHeader.TryRead(line, TimeZoneInfo.Utc, out _))
                throw new InvalidOperationException("The codec's own line has no header.");
        });
        var bytes = lines.Average(line => line.Length);
        return new Figures
        {
            ["bytes_a_line"] = bytes,
            ["encode_ns"] = encode,
            ["encode_allocated_bytes"] = allocated / (Rounds * records.Length),
            ["header_ns"] = header,
            ["header_gb_per_second"] = bytes / header,
        };

        byte[] Encode(ToolCallRecord record)
        {
            output.ResetWrittenCount();
            codec.Encode(record, DateTimeOffset.UnixEpoch, Guid.Empty, output);
            return output.WrittenSpan[..^1].ToArray();
        }
    }

    // Nanoseconds for each of the subjects: ten at a time, the best of all rounds.
    private static double Best<T>(T[] subjects, Action<T> action)
    {
        var chunks = subjects.Chunk(10).ToArray();
        var best = new double[chunks.Length];
        Array.Fill(best, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < chunks.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                foreach (var subject in chunks[i])
                    action(subject);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }
        }

        return best.Sum() / subjects.Length;
    }
}
