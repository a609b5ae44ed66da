using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Threading.Channels;
using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>Takes records from outside, as one JSON value, an array or NDJSON of any length, with bounded memory.</summary>
public static class RecordIngest
{
    /// <summary>Longest text of one record, in bytes: 16 MiB. A longer one is refused. Of what is taken, the record keeps what its limits allow.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    // Enough to share each sync among many; a bound, since each holds a little memory.
    private const int MostOutstanding = 1024;

    /// <summary>Stores every record of the input, durably.</summary>
    /// <param name="input">The bytes. Read to its end, and left to the caller to complete.</param>
    /// <param name="recorder">Where to.</param>
    /// <param name="options">Who may write for whom, and who is told what.</param>
    /// <param name="cancellationToken">Ends reading; what was acknowledged stays.</param>
    /// <returns>Once every stored record is on disk.</returns>
    /// <remarks>
    /// Up to 1,024 records are on their way to the disk at a time. <see cref="IngestOptions"/>' methods are called one at a time; what they
    /// throw ends the ingest.
    /// </remarks>
    public static async Task<IngestSummary> IngestAsync(
        PipeReader input, ToolCallRecorder recorder, IngestOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(options);

        // The request that brings a record is no part of the trace in which its tool was called.
        Activity.Current = null;

        var outstanding = Channel.CreateBounded<Outstanding>(new BoundedChannelOptions(MostOutstanding) { SingleReader = true, SingleWriter = true });
        var telling = TellAsync(outstanding, options);
        try
        {
            await ReadAsync(input, recorder, options, outstanding.Writer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // What was begun is told, also when the input breaks off. If telling itself failed, that is what the caller learns.
            outstanding.Writer.TryComplete();
            await telling.ConfigureAwait(false);
        }

        return await telling.ConfigureAwait(false);
    }

    private static async Task ReadAsync(
        PipeReader input,
        ToolCallRecorder recorder,
        IngestOptions options,
        ChannelWriter<Outstanding> outstanding,
        CancellationToken cancellationToken)
    {
        var splitter = new RecordSplitter();
        ReadResult result;
        do
        {
            result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = result.Buffer;
            while (splitter.TryRead(ref rest, result.IsCompleted, out var record))
                await outstanding.WriteAsync(Begin(record, recorder, options), CancellationToken.None).ConfigureAwait(false);
            input.AdvanceTo(rest.Start, rest.End);
        }
        while (!result.IsCompleted);
    }

    // The record points into the input only until this returns: the recorder has encoded it then.
    private static Outstanding Begin(RecordText text, ToolCallRecorder recorder, IngestOptions options)
    {
        if (text.Error is not null)
            return new Outstanding(text.Number, default, text.Error);
        try
        {
            var json = text.Json.IsSingleSegment ? text.Json.First : text.Json.ToArray();
            var record = RecordCodec.DecodeIngest(json, recorder.TimeZone);
            if (options.MayWriteFor?.Invoke(record.User) == false)
            {
                return new Outstanding(
                    text.Number, default, $"Records of the user '{record.User}' may not be written with this key: use one that names the user.");
            }

            if (recorder.LevelOf(record) == RecordLevel.None)
                return new Outstanding(text.Number, default, null, IsLeftOut: true);
            if (record.Source is null && options.DefaultSource is not null)
                record = record with { Source = options.DefaultSource };
            return new Outstanding(text.Number, recorder.RecordAsync(record, DeliveryMode.Durable, CancellationToken.None), null);
        }
        catch (RecordRefusedException e)
        {
            return new Outstanding(text.Number, default, e.Message);
        }
    }

    private static async Task<IngestSummary> TellAsync(Channel<Outstanding> outstanding, IngestOptions options)
    {
        long stored = 0, leftOut = 0, refused = 0, failed = 0;
        try
        {
            await foreach (var record in outstanding.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                if (record.IsLeftOut)
                {
                    leftOut++;
                    options.LeftOut?.Invoke(record.Number);
                }
                else if (await RefusalOf(record).ConfigureAwait(false) is { } refusal)
                {
                    refused++;
                    failed += refusal.Failed ? 1 : 0;
                    options.Refused?.Invoke(refusal);
                }
                else
                {
                    stored++;
                    options.Stored?.Invoke(record.Number);
                }
            }
        }
        catch (Exception e)
        {
            // Nobody takes what is read from now on: reading ends too.
            outstanding.Writer.TryComplete(e);
            throw;
        }

        return new IngestSummary(stored, refused, failed) { LeftOut = leftOut };
    }

    private static async ValueTask<IngestRefusal?> RefusalOf(Outstanding record)
    {
        if (record.Error is not null)
            return new IngestRefusal(record.Number, record.Error, Failed: false);
        try
        {
            await record.Writing.ConfigureAwait(false);
            return null;
        }
        catch (TrailWriteException e)
        {
            return new IngestRefusal(record.Number, e.Message, Failed: true);
        }
    }

    // A record on its way to the disk, or refused, or left out.
    private readonly record struct Outstanding(long Number, ValueTask Writing, string? Error, bool IsLeftOut = false);
}
