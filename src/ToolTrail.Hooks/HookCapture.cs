using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>
/// Turns what a host's hooks tell into records. The hooks before and after a call are processes of their own that share nothing but the trail: the first
/// writes the call's <c>started</c> line, the other finds it there. Safe for use by several threads.
/// </summary>
public sealed class HookCapture
{
    // A call that began before midnight ends after it.
    private const int DaysBack = 2;
    private const int ManyRecords = 200;

    // A call's beginning mostly stands near the end. One that is not found costs so much reading each time, and not the whole of two days.
    private const long NearBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    private readonly TrailHome _home;
    private readonly TrailConfiguration _configuration;
    private readonly ToolCallRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly TrailReader _reader;
    private readonly TrailReader _near;

    /// <param name="home">The trail.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="recorder">Records there.</param>
    /// <param name="timeProvider">The clock; default: the system's.</param>
    public HookCapture(TrailHome home, TrailConfiguration configuration, ToolCallRecorder recorder, TimeProvider? timeProvider = null)
    {
        _home = home;
        _configuration = configuration;
        _recorder = recorder;
        _time = timeProvider ?? TimeProvider.System;
        _reader = new TrailReader(home, _time);
        _near = new TrailReader(home, _time) { Reach = NearBytes };
    }

    /// <summary>
    /// Whether the host's own record of a session is read, at the path that the hook's input names, for calls that no hook told of. Only for input that comes
    /// from a process of the same user.
    /// </summary>
    public bool ReadsTranscripts { get; init; }

    /// <summary>Takes what a hook was told.</summary>
    /// <param name="host">The host.</param>
    /// <param name="input">The hook's input, JSON.</param>
    /// <param name="user">On whose behalf the agent works.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The answer for the host; empty: it goes on as it would.</returns>
    /// <exception cref="HookInputException">The input is not what the host's hooks are told.</exception>
    /// <exception cref="RecordRefusedException">The user is the reserved one.</exception>
    /// <exception cref="TrailWriteException">It could not be recorded. Where the tool may not run unrecorded, the answer says so instead.</exception>
    public async Task<byte[]> TakeAsync(HookHost host, ReadOnlyMemory<byte> input, string user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        switch (host.Read(Parse(input), user))
        {
            case HookEvent.Begins begins:
                return await BeginAsync(host, begins.Call, cancellationToken).ConfigureAwait(false);
            case HookEvent.Ends ends:
                await EndAsync(ends.Call, ends.Outcome, cancellationToken).ConfigureAwait(false);
                break;
            case HookEvent.Pauses pauses:
                await SettleAsync(host, pauses, cancellationToken).ConfigureAwait(false);
                break;
        }

        return [];
    }

    /// <summary>The answer to input that could not be taken: where the policy denies anything, or the call may not run unrecorded, it does not run.</summary>
    /// <param name="host">The host.</param>
    /// <param name="input">The hook's input, which may be broken or cut.</param>
    /// <param name="problem">Why it could not be taken; the model is told.</param>
    /// <returns>The refusal; empty: nothing is kept from running.</returns>
    public byte[] RefuseUnasked(HookHost host, ReadOnlyMemory<byte> input, string problem)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.RefuseUnasked(input, _configuration.Current, problem);
    }

    private static JsonValue Parse(ReadOnlyMemory<byte> input)
    {
        try
        {
            var json = JsonValue.Parse(input);
            return json.IsObject ? json : throw new HookInputException("The hook's input is not a JSON object: is this the host that it was set up for?");
        }
        catch (JsonException e)
        {
            throw new HookInputException($"The hook's input is not JSON: {e.Message.Split(" LineNumber:", 2)[0]}", e);
        }
    }

    private async Task<byte[]> BeginAsync(HookHost host, ToolCallRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var call = await _recorder.BeginAsync(record, DeliveryMode.WriteAhead, cancellationToken).ConfigureAwait(false);
            return call.Denial is { } denial ? host.Refuse(denial.Message) : [];
        }
        catch (TrailWriteException e) when (_configuration.Current.Delivery.Of(record.Tool, record.Server).OnFailure == FailurePolicy.Refuse)
        {
            return host.Refuse($"The call was not made, because it could not be recorded: {e.Message}");
        }
    }

    private async Task EndAsync(ToolCallRecord record, ToolCallOutcome outcome, CancellationToken cancellationToken)
    {
        if (!IsRecorded(record.Tool, record.Server))
            return;
        if (record.CallId is not null)
        {
            var last = await LastAsync(record.User, new RecordFilter { Source = record.Source, CallId = record.CallId }, cancellationToken).ConfigureAwait(false);
            // A hook that is set up twice tells the outcome twice.
            if (last is null || last.Status == ToolCallStatus.Started)
                await WriteAsync(new Ending(record, last, outcome)).ConfigureAwait(false);
            return;
        }

        // Of calls that look alike, and end at one time, each process takes another: it is on disk before the next one looks.
        using var turn = await HookTurn.TakeAsync(_home, _time, cancellationToken).ConfigureAwait(false);
        await WriteAsync(new Ending(record, await FindStartAsync(record, cancellationToken).ConfigureAwait(false), outcome)).ConfigureAwait(false);
        await _recorder.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(Ending ending)
    {
        var (record, started, outcome) = ending;
        // When it ended is known: it was the host that told, later.
        if (record.Timestamp is { } ended && started is { Timestamp: { } start })
            record = record with { Id = started.Id, DurationMs = Math.Max(0, Math.Round((ended - start).TotalMilliseconds, 3)) };
        // A hook that was set up in the middle of a call has seen no beginning.
        if (record.Timestamp is null && started is { Timestamp: { } began } && Guid.TryParse(started.Id, out var id))
            await _recorder.Resume(record, id, began).CompleteAsync(outcome).ConfigureAwait(false);
        else
            await _recorder.RecordAsync(outcome.ApplyTo(record with { Tool = OwnLines.Unreserved(record.Tool) })).ConfigureAwait(false);
    }

    // What no hook told of stands in the host's own record: rejections, rules that denied, tools that there are not.
    private async Task SettleAsync(HookHost host, HookEvent.Pauses pauses, CancellationToken cancellationToken)
    {
        var session = pauses.Session;
        var ended = ReadsTranscripts && pauses.Transcript is { } path ? Ended(host.ReadTranscript(path)) : [];
        var last = await LastLinesAsync(session, ended, cancellationToken).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        List<Ending> endings = [];
        foreach (var call in ended)
        {
            var known = last.GetValueOrDefault(call.CallId);
            if (known is null || known.Status == ToolCallStatus.Started)
                endings.Add(new Ending(RecordOf(session, call) with { Timestamp = call.Ended < now ? call.Ended : now }, known, call.Outcome!.Value));
        }

        // Without a session there is no telling whose calls are over.
        if (pauses.IsEnd && session.Session is not null)
        {
            await foreach (var started in NewestFirstAsync(_reader, session.User, OpenCalls(session), ManyRecords, cancellationToken).ConfigureAwait(false))
            {
                if (!endings.Exists(ending => ending.Started?.Id == started.Id))
                    endings.Add(new Ending(started with { Timestamp = null, Id = null }, started, ToolCallOutcome.Cancelled("the session ended before the call did")));
            }
        }

        await WriteAllAsync(endings).ConfigureAwait(false);
    }

    // A call that cannot be recorded keeps none of the others from it.
    private async Task WriteAllAsync(List<Ending> endings)
    {
        Exception? failure = null;
        foreach (var ending in endings)
        {
            try
            {
                await WriteAsync(ending).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RecordRefusedException or TrailWriteException)
            {
                failure ??= e;
            }
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    // Older ones were settled when they were new: a session may be taken up again after weeks.
    private List<TranscriptCall> Ended(IReadOnlyList<TranscriptCall> transcript)
    {
        var oldest = _time.GetUtcNow() - Recent;
        return [.. transcript.Where(call => call.Outcome is not null && call.Ended > oldest && IsRecorded(call.Tool, null)).DistinctBy(call => call.CallId)];
    }

    private static ToolCallRecord RecordOf(ToolCallRecord session, TranscriptCall call) =>
        session with { Tool = call.Tool, Arguments = call.Arguments, CallId = call.CallId };

    // The last line of each call that the trail knows: of any session, since a transcript that is taken up under another one tells its calls again.
    private async Task<Dictionary<string, ToolCallRecord>> LastLinesAsync(ToolCallRecord session, List<TranscriptCall> ended, CancellationToken cancellationToken)
    {
        Dictionary<string, ToolCallRecord> last = [];
        var open = ended.ToDictionary(call => call.CallId, call => _recorder.AsStored(RecordOf(session, call)));
        if (open.Count == 0)
            return last;
        var filter = new RecordFilter { Source = session.Source, OneRowPerCall = true };
        await foreach (var record in NewestFirstAsync(_reader, session.User, filter, ManyRecords, cancellationToken).ConfigureAwait(false))
        {
            // Where hooks tell no id, a line is that of the newest call that looks like it.
            var callId = record.CallId ?? ended.FindLast(call => open.TryGetValue(call.CallId, out var stored) && LooksLike(record, stored))?.CallId;
            if (callId is not null && open.Remove(callId))
                last.Add(callId, record);
            if (open.Count == 0)
                break;
        }

        return last;
    }

    // By what is called, as it was stored, since nobody has it otherwise.
    private async Task<ToolCallRecord?> FindStartAsync(ToolCallRecord record, CancellationToken cancellationToken)
    {
        var stored = _recorder.AsStored(record);
        await foreach (var started in NewestFirstAsync(_near, record.User, OpenCalls(stored), 1, cancellationToken).ConfigureAwait(false))
        {
            if (LooksLike(started, stored))
                return started;
        }

        return null;
    }

    private static bool LooksLike(ToolCallRecord record, ToolCallRecord stored) =>
        record.Tool == stored.Tool && record.Session == stored.Session && record.Arguments.Span.SequenceEqual(stored.Arguments.Span);

    private async Task<ToolCallRecord?> LastAsync(string user, RecordFilter filter, CancellationToken cancellationToken)
    {
        await foreach (var record in NewestFirstAsync(_near, user, filter, 1, cancellationToken).ConfigureAwait(false))
            return record;
        return null;
    }

    private async IAsyncEnumerable<ToolCallRecord> NewestFirstAsync(
        TrailReader reader, string user, RecordFilter filter, int atOnce, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var page = await reader.ReadRecentAsync(user, DaysBack, atOnce, filter, cursor, cancellationToken).ConfigureAwait(false);
            foreach (var stored in page.Records)
                yield return stored.Decode(_home.TimeZone);
            cursor = page.Next;
            if (cursor is null)
                break;
        }
    }

    // The host's own: what other captures told of the session is theirs to end.
    private static RecordFilter OpenCalls(ToolCallRecord session) =>
        new() { Source = session.Source, Session = session.Session, Status = ToolCallStatus.Started, OneRowPerCall = true };

    private bool IsRecorded(string tool, string? server) => _configuration.Current.LevelOf(OwnLines.Unreserved(tool), server) != RecordLevel.None;

    private sealed record Ending(ToolCallRecord Record, ToolCallRecord? Started, ToolCallOutcome Outcome);
}
