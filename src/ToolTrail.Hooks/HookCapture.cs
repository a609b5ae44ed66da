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
    private const int MostOpenCalls = 200;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    private readonly TrailHome _home;
    private readonly TrailConfiguration _configuration;
    private readonly ToolCallRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly TrailReader _reader;

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
        using var json = Parse(input);
        switch (host.Read(json.RootElement, user))
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

    private static JsonDocument Parse(ReadOnlyMemory<byte> input)
    {
        try
        {
            var json = JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = 1000 });
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (JsonException e)
        {
            throw new HookInputException($"The hook's input is not JSON: {e.Message}", e);
        }

        throw new HookInputException("The hook's input is not a JSON object: is this the host that it was set up for?");
    }

    private async Task<byte[]> BeginAsync(HookHost host, ToolCallRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var call = await _recorder.BeginAsync(record, DeliveryMode.WriteAhead, cancellationToken).ConfigureAwait(false);
            return call.Denial is { } denial ? host.Refuse(denial.Message) : [];
        }
        catch (TrailWriteException e) when (_configuration.Current.Delivery.Of(record.Tool).OnFailure == FailurePolicy.Refuse)
        {
            return host.Refuse($"The call was not made, because it could not be recorded: {e.Message}");
        }
    }

    private async Task EndAsync(ToolCallRecord record, ToolCallOutcome outcome, CancellationToken cancellationToken)
    {
        var open = await OpenCallsAsync(record, cancellationToken).ConfigureAwait(false);
        await EndAsync(record, open.FirstOrDefault(started => IsStartOf(record, started)), outcome).ConfigureAwait(false);
    }

    private async Task EndAsync(ToolCallRecord record, ToolCallRecord? started, ToolCallOutcome outcome)
    {
        // A hook that was set up in the middle of a call has seen no beginning.
        if (started is { Timestamp: { } began } && Guid.TryParse(started.Id, out var id))
            await _recorder.Resume(record, id, began).CompleteAsync(outcome).ConfigureAwait(false);
        else
            await _recorder.RecordAsync(record with { Status = outcome.Status, Result = outcome.Result, Error = outcome.Error, Reason = outcome.Reason }).ConfigureAwait(false);
    }

    // What no hook told of stands in the host's own record: rejections, rules that denied, tools that there are not.
    private async Task SettleAsync(HookHost host, HookEvent.Pauses pauses, CancellationToken cancellationToken)
    {
        var open = await OpenCallsAsync(pauses.Session, cancellationToken).ConfigureAwait(false);
        var ended = ReadsTranscripts && pauses.Transcript is { } path ? Ended(host.ReadTranscript(path)) : [];
        var unknown = await NotRecordedAsync(pauses.Session, [.. ended.Select(call => call.CallId)], cancellationToken).ConfigureAwait(false);
        foreach (var call in ended)
        {
            var record = pauses.Session with { Tool = call.Tool, Arguments = call.Arguments, CallId = call.CallId };
            var started = open.Find(started => IsStartOf(record, started));
            if (started is not null || unknown.Contains(call.CallId))
                await EndAsync(started is null ? record with { Timestamp = call.Ended } : record, started, call.Outcome!.Value).ConfigureAwait(false);
            if (started is not null)
                open.Remove(started);
        }

        if (!pauses.IsEnd)
            return;
        foreach (var started in open)
            await EndAsync(started with { Timestamp = null, Id = null }, started, ToolCallOutcome.Cancelled("the session ended before the call did")).ConfigureAwait(false);
    }

    // Older ones were settled when they were new: a session may be taken up again after weeks.
    private List<TranscriptCall> Ended(IReadOnlyList<TranscriptCall> transcript)
    {
        var oldest = _time.GetUtcNow() - Recent;
        return [.. transcript.Where(call => call.Outcome is not null && call.Ended > oldest)];
    }

    private async Task<HashSet<string>> NotRecordedAsync(ToolCallRecord session, HashSet<string> calls, CancellationToken cancellationToken)
    {
        var filter = new RecordFilter { Session = session.Session };
        string? cursor = null;
        do
        {
            if (calls.Count == 0)
                break;
            var page = await _reader.ReadRecentAsync(session.User, DaysBack, MostOpenCalls, filter, cursor, cancellationToken).ConfigureAwait(false);
            foreach (var stored in page.Records)
                calls.Remove(stored.Decode(_home.TimeZone).CallId ?? "");
            cursor = page.Next;
        }
        while (cursor is not null);
        return calls;
    }

    // Newest first.
    private async Task<List<ToolCallRecord>> OpenCallsAsync(ToolCallRecord record, CancellationToken cancellationToken)
    {
        var filter = new RecordFilter { Session = record.Session, CallId = record.CallId, Status = ToolCallStatus.Started, OneRowPerCall = true };
        var page = await _reader.ReadRecentAsync(record.User, DaysBack, MostOpenCalls, filter, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. page.Records.Select(stored => stored.Decode(_home.TimeZone))];
    }

    // By the host's id, where it has one; else by what is called: as it was stored, since nobody else has it.
    private bool IsStartOf(ToolCallRecord record, ToolCallRecord started) =>
        record.CallId is { } callId ? started.CallId == callId : started.Tool == record.Tool && started.Arguments.Span.SequenceEqual(_recorder.AsStored(record).Arguments.Span);
}
