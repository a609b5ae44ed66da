using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolTrail.Home;
using ToolTrail.Records;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Recording;

/// <summary>
/// Records tool calls in a home's trail. One per process and home; safe for use by any number of threads. Any number of processes may
/// record to the same home. Measured by a <see cref="System.Diagnostics.Metrics.Meter"/> and traced by an <see cref="ActivitySource"/> named
/// <c>ToolTrail</c>.
/// </summary>
public sealed class ToolCallRecorder : IAsyncDisposable
{
    // Writing itself waits so long for other processes: longer for room than for a lock helps nobody.
    private static readonly TimeSpan DurableQueueWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FutureTolerance = TimeSpan.FromMinutes(5);

    private readonly TrailHome _home;
    private readonly TrailConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly DayFileStore _store;
    private readonly ReadOnlyMemory<byte> _digestKey;
    private readonly Sweeper? _sweeper;
    private Sealer? _sealer;
    private volatile RecordingPlan _plan;

    private ToolCallRecorder(TrailHome home, TrailConfiguration configuration, TimeProvider time, ILogger logger, RecorderLifetime lifetime)
    {
        _home = home;
        _configuration = configuration;
        _time = time;
        _digestKey = home.DigestKey();
        _plan = new RecordingPlan(configuration.Current, _digestKey);
        var integrity = configuration.Current.Integrity;
        _store = new DayFileStore(
            home, () => configuration.Current.Delivery.QueueBytes, time, logger,
            isOurs => _sealer = integrity.Seal ? new Sealer(home, integrity.SigningKey, isOurs, time, logger, sealsAllAtEnd: lifetime == RecorderLifetime.Long) : null);
        _sweeper = _sealer is null || lifetime == RecorderLifetime.Brief ? null : new Sweeper(home, _store, _sealer, () => configuration.Current, time, logger);
    }

    /// <summary>
    /// The recorder on the home of this user (or of <c>TOOLTRAIL_HOME</c>), shared by whatever in this process is not handed another. It is opened when
    /// it is first asked for, and closed in good order when the process ends: do not dispose of it.
    /// </summary>
    /// <exception cref="TrailHomeException">The home cannot be used.</exception>
    /// <exception cref="TrailConfigurationException">The home's configuration is wrong.</exception>
    public static ToolCallRecorder Default => DefaultRecorder.Instance;

    /// <summary>How recording is going.</summary>
    public RecorderHealth Health
    {
        get
        {
            var pending = _store.Losses.Pending;
            return new RecorderHealth(
                _store.Recorded,
                _store.Losses.Total,
                _store.Losses.Untold,
                _store.IsFailing,
                _store.Losses.LastCause,
                pending.Count == 0 ? null : pending.Min(loss => loss.Since))
            {
                SealingProblem = _sealer?.Problem,
                Alarms = _sealer?.Alarms ?? [],
            };
        }
    }

    /// <summary>Erases records; <c>null</c> where nothing is sealed (integrity.seal), so that nothing could show what was erased.</summary>
    public TrailEraser? Eraser => _sealer is null ? null : new TrailEraser(_home, _store, _sealer, () => _configuration.Current.Retention);

    /// <summary>Opens a recorder.</summary>
    /// <param name="home">The trail.</param>
    /// <param name="configuration">The home's configuration, followed as it changes.</param>
    /// <param name="timeProvider">The clock; default: the system's.</param>
    /// <param name="loggerFactory">Where failures are told; default: nowhere. Arguments and results are never logged.</param>
    /// <param name="lifetime">How long the process lives.</param>
    public static ToolCallRecorder Open(
        TrailHome home,
        TrailConfiguration configuration,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        RecorderLifetime lifetime = RecorderLifetime.Long)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(configuration);
        ILogger logger = loggerFactory is null ? NullLogger.Instance : loggerFactory.CreateLogger<ToolCallRecorder>();
        return new ToolCallRecorder(home, configuration, timeProvider ?? TimeProvider.System, logger, lifetime);
    }

    /// <summary>Asks the policy and begins a call.</summary>
    /// <param name="record">The call, with status <see cref="ToolCallStatus.Started"/>. Its memory may change once this method's task has completed.</param>
    /// <param name="atLeast">The least that the caller waits for: with <see cref="DeliveryMode.WriteAhead"/> the <c>started</c> line is on disk before the tool runs.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <returns>The call; look at <see cref="ToolCall.Denial"/> before the tool runs.</returns>
    /// <exception cref="RecordRefusedException">The user is the reserved one.</exception>
    /// <exception cref="TrailWriteException">
    /// <see cref="DeliveryMode.WriteAhead"/>: the <c>started</c> line could not be written; <see cref="FailurePolicy.Refuse"/>: recording fails
    /// at the moment. The tool must not run.
    /// </exception>
    public ValueTask<ToolCall> BeginAsync(ToolCallRecord record, DeliveryMode atLeast, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        RefuseReservedUser(record);
        record = WithAmbientTrace(Unreserved(record));
        var plan = Plan();
        var handling = plan.HandlingOf(record);
        handling = handling with { Delivery = handling.Delivery.AtLeast(atLeast) };
        if (plan.RuleFor(record) is { Effect: PolicyEffect.Deny } rule)
            return DenyAsync(record, handling, rule, cancellationToken);

        var (delivery, level) = handling;
        if (delivery.OnFailure == FailurePolicy.Refuse && _store.IsFailing && delivery.Mode != DeliveryMode.WriteAhead && level != RecordLevel.None)
            throw new TrailWriteException($"'{record.Tool}' may not run unrecorded, and recording fails: {_store.Losses.LastCause}");
        var call = new ToolCall(this, record, NewId(), Timestamp());
        return delivery.Mode == DeliveryMode.WriteAhead ? WriteAheadAsync(call, record, level, cancellationToken) : ValueTask.FromResult(call);
    }

    /// <inheritdoc cref="BeginAsync(ToolCallRecord, DeliveryMode, CancellationToken)"/>
    public ValueTask<ToolCall> BeginAsync(ToolCallRecord record, CancellationToken cancellationToken = default) =>
        BeginAsync(record, DeliveryMode.Background, cancellationToken);

    /// <summary>Goes on with a call that another process began, and whose <c>started</c> line stands in the trail.</summary>
    /// <param name="record">The call as its outcome is to describe it.</param>
    /// <param name="id">The id of the <c>started</c> line.</param>
    /// <param name="began">The time of the <c>started</c> line; the duration is counted from there.</param>
    /// <returns>The call, to be completed. The policy was asked when it began.</returns>
    /// <exception cref="RecordRefusedException">The user is the reserved one.</exception>
    public ToolCall Resume(ToolCallRecord record, Guid id, DateTimeOffset began)
    {
        ArgumentNullException.ThrowIfNull(record);
        RefuseReservedUser(record);
        var elapsed = _time.GetUtcNow() - began;
        var started = Timestamp() - (long)(Math.Max(0, elapsed.TotalSeconds) * _time.TimestampFrequency);
        return new ToolCall(this, WithAmbientTrace(Unreserved(record)), id, started);
    }

    /// <summary>A record as it would be stored: redacted, cut, and without what its tool's level leaves out. Nothing is written.</summary>
    /// <param name="record">Any record.</param>
    public ToolCallRecord AsStored(ToolCallRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        record = Unreserved(record);
        var plan = Plan();
        var level = plan.HandlingOf(record).Level;
        var line = plan.Codec.Encode(record, record.Timestamp ?? _time.GetUtcNow(), Guid.Empty, level == RecordLevel.None ? RecordLevel.Metadata : level);
        return RecordCodec.Decode(line[..^1].ToArray(), TimeZoneInfo.Utc)!;
    }

    /// <summary>Records a call that has ended, or one line of a call from elsewhere.</summary>
    /// <param name="record">The record. It is encoded before this method returns its task: its memory may change then.</param>
    /// <param name="atLeast">The least that the caller waits for, whatever the configuration says of the tool. With <see cref="DeliveryMode.Durable"/> failures are always thrown.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <exception cref="RecordRefusedException">
    /// The user or the tool is reserved (see <see cref="OwnLines"/>), or the time stamp is more than 5 minutes ahead, or older than the retention.
    /// </exception>
    /// <exception cref="TrailWriteException">It could not be written, and the caller was promised that it would be.</exception>
    public ValueTask RecordAsync(ToolCallRecord record, DeliveryMode atLeast = DeliveryMode.Background, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        RefuseReservedUser(record);
        if (OwnLines.IsReservedTool(record.Tool))
            throw new RecordRefusedException($"The tool '{record.Tool}' is reserved: only the recorder itself writes 'tooltrail.' lines.");
        RefuseTime(record);
        var (delivery, level) = Plan().HandlingOf(record);
        return WriteAsync(WithAmbientTrace(record), NewId(), new Handling(delivery.AtLeast(atLeast), level), cancellationToken);
    }

    /// <summary>Writes one of the recorder's own lines under the reserved user: who read what, who changed what.</summary>
    /// <param name="tool">One of <see cref="OwnLines"/>' names.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="arguments">A JSON object in UTF-8. Redacted and cut like every other.</param>
    /// <param name="atLeast">The least that the caller waits for.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <exception cref="TrailWriteException">It could not be written, and the caller was promised that it would be.</exception>
    public ValueTask RecordOwnAsync(
        string tool, ToolCallStatus status, ReadOnlyMemory<byte> arguments, DeliveryMode atLeast = DeliveryMode.Background,
        CancellationToken cancellationToken = default)
    {
        var record = new ToolCallRecord { User = OwnLines.User, Tool = tool, Status = status, Arguments = arguments };
        // Whole, whatever the levels say: what was done to the trail itself is never left out.
        var handling = new Handling(Plan().HandlingOf(tool).Delivery.AtLeast(atLeast), RecordLevel.Full);
        return WriteAsync(record, NewId(), handling, cancellationToken);
    }

    /// <summary>Runs a tool and records how it ended: the hook for any host's dispatch.</summary>
    /// <typeparam name="T">What the tool answers.</typeparam>
    /// <param name="record">The call, with status <see cref="ToolCallStatus.Started"/>.</param>
    /// <param name="tool">Runs the tool. <see cref="OperationCanceledException"/> is recorded as cancelled, <see cref="TimeoutException"/> (also as the
    /// reason of a cancellation) as timeout, <see cref="UnauthorizedAccessException"/> as denied, every other exception as error; all are rethrown.</param>
    /// <param name="describe">The result's text; <c>null</c>: its <see cref="object.ToString"/>. Where that throws, the name of its type is recorded.</param>
    /// <param name="cancellationToken">Handed to the tool.</param>
    /// <exception cref="ToolCallDeniedException">The policy refused: the tool did not run.</exception>
    /// <exception cref="TrailWriteException">The record could not be written, and the tool's failure policy is <see cref="FailurePolicy.Refuse"/>.</exception>
    public async Task<T> RunAsync<T>(
        ToolCallRecord record, Func<CancellationToken, Task<T>> tool, Func<T, ToolResult>? describe = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(tool);

        // Named as OpenTelemetry's conventions for generative AI name it.
        using var activity = StoreMetrics.Activities.StartActivity($"execute_tool {record.Tool}");
        activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", record.Tool);

        var call = await BeginAsync(record, cancellationToken).ConfigureAwait(false);
        if (call.Denial is { } denial)
            throw new ToolCallDeniedException(denial);
        T result;
        try
        {
            result = await tool(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message).SetTag("error.type", e.GetType().FullName);
            // How it ended is recorded even when the caller has given up.
            await call.CompleteAsync(ToolCallOutcome.Of(e), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await call.CompleteAsync(ToolCallOutcome.Ok(Described(result, describe)), CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    /// <summary>Waits until everything recorded so far is on disk.</summary>
    /// <exception cref="TrailWriteException">Something could not be written.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _store.FlushAsync().WaitAsync(cancellationToken);

    /// <summary>Writes and syncs what is queued and closes all files in good order. Nobody may record any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null)
            await _sweeper.StopAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        // Only now is all sealed: witnesses are to see that too.
        if (_sweeper is not null)
            await _sweeper.DisposeAsync().ConfigureAwait(false);
    }

    internal TimeZoneInfo TimeZone => _home.TimeZone;

    internal long Timestamp() => _time.GetTimestamp();

    internal ValueTask CompleteAsync(ToolCallRecord record, Guid id, CancellationToken cancellationToken) =>
        WriteAsync(record, id, Plan().HandlingOf(record), cancellationToken);

    internal RecordLevel LevelOf(ToolCallRecord record) => Plan().HandlingOf(record).Level;

    private static ToolResult Described<T>(T result, Func<T, ToolResult>? describe)
    {
        try
        {
            return describe is null ? result?.ToString() : describe(result);
        }
        catch (Exception)
        {
            // The tool has run: what cannot be shown must not keep its outcome from being recorded, or its result from the caller.
            return typeof(T).FullName;
        }
    }

    private static void RefuseReservedUser(ToolCallRecord record)
    {
        if (record.User == OwnLines.User)
            throw new RecordRefusedException($"The user '{OwnLines.User}' is reserved for the recorder's own lines: take another name.");
    }

    // A model may invent any name: its call is recorded all the same.
    private static ToolCallRecord Unreserved(ToolCallRecord record) =>
        OwnLines.IsReservedTool(record.Tool) ? record with { Tool = OwnLines.Unreserved(record.Tool) } : record;

    private void RefuseTime(ToolCallRecord record)
    {
        if (record.Timestamp is not { } time)
            return;
        var now = _time.GetUtcNow();
        if (time > now + FutureTolerance)
            throw new RecordRefusedException($"The record's \"ts\" is more than {FutureTolerance.TotalMinutes:0} minutes ahead: is the clock right?");
        if (_configuration.Current.Retention.DaysOf(record.User) is { } days && time < now - TimeSpan.FromDays(days))
            throw new RecordRefusedException($"The record's \"ts\" is older than the retention of {days} days (retention).");
    }

    private static ToolCallRecord WithAmbientTrace(ToolCallRecord record)
    {
        if (record.TraceId is not null || Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity)
            return record;
        return record with { TraceId = activity.TraceId.ToHexString(), SpanId = activity.SpanId.ToHexString() };
    }

    private Guid NewId() => CallId.New(_time.GetUtcNow());

    private RecordingPlan Plan()
    {
        var settings = _configuration.Current;
        var plan = _plan;
        if (ReferenceEquals(plan.Settings, settings))
            return plan;
        return _plan = new RecordingPlan(settings, _digestKey);
    }

    private async ValueTask<ToolCall> WriteAheadAsync(ToolCall call, ToolCallRecord record, RecordLevel level, CancellationToken cancellationToken)
    {
        var started = record with { Status = ToolCallStatus.Started, Timestamp = null };
        var handling = new Handling(new Delivery(DeliveryMode.Durable, FailurePolicy.Refuse), level);
        await WriteAsync(started, call.Id, handling, cancellationToken).ConfigureAwait(false);
        return call;
    }

    private async ValueTask<ToolCall> DenyAsync(ToolCallRecord record, Handling handling, PolicyRule rule, CancellationToken cancellationToken)
    {
        var denial = new ToolCallDenial(rule.Name, rule.Reason);
        var denied = record with { Status = ToolCallStatus.Denied, Timestamp = null, Reason = rule.Name };
        // Denied it is also where that cannot be recorded: the loss is counted, and told by a gap.
        handling = handling with { Delivery = handling.Delivery with { OnFailure = FailurePolicy.Continue } };
        await WriteAsync(denied, NewId(), handling, cancellationToken).ConfigureAwait(false);
        return new ToolCall(this, record, denial);
    }

    // Everything comes through here: encoded on the caller's thread, then queued.
    private ValueTask WriteAsync(ToolCallRecord record, Guid id, Handling handling, CancellationToken cancellationToken)
    {
        if (handling.Level == RecordLevel.None)
            return ValueTask.CompletedTask;
        var time = record.Timestamp ?? _time.GetUtcNow();
        var line = Plan().Codec.Encode(record, time, id, handling.Level);
        var queued = new QueuedLine(record.User, _home.DayOf(time), record.Id is not null, handling.Delivery);
        return _store.Budget.TryTake(line.Length)
            ? AppendAsync(queued, line, cancellationToken)
            : AppendWhenRoomAsync(queued, line.ToArray());
    }

    private ValueTask AppendAsync(QueuedLine queued, ReadOnlySpan<byte> line, CancellationToken cancellationToken)
    {
        var onDisk = _store.Append(queued.User, queued.Day, line, queued.MayRepeat, queued.Delivery.Mode != DeliveryMode.Background);
        if (onDisk is null)
            return ValueTask.CompletedTask;
        // Whoever is to be told of a failure waits for the batch itself.
        return queued.Delivery.OnFailure == FailurePolicy.Refuse && !cancellationToken.CanBeCanceled
            ? new ValueTask(onDisk)
            : WaitAsync(onDisk, queued, cancellationToken);
    }

    private async ValueTask WaitAsync(Task onDisk, QueuedLine queued, CancellationToken cancellationToken)
    {
        try
        {
            await (cancellationToken.CanBeCanceled ? onDisk.WaitAsync(cancellationToken) : onDisk).ConfigureAwait(false);
        }
        catch (TrailWriteException e) when (queued.Delivery.OnFailure == FailurePolicy.Continue)
        {
            Lose(queued.User, e);
        }
        catch (OperationCanceledException) when (!onDisk.IsCompletedSuccessfully)
        {
            // Nobody is told any more: what is lost is counted, whatever the failure policy.
            _ = CountLossAsync(onDisk, queued.User);
            throw;
        }
    }

    private async Task CountLossAsync(Task onDisk, string user)
    {
        try
        {
            await onDisk.ConfigureAwait(false);
        }
        catch (TrailWriteException e)
        {
            Lose(user, e);
        }
    }

    private void Lose(string user, TrailWriteException e) => _store.Lose(user, 1, e.InnerException?.Message ?? e.Message);

    // Not to be cancelled: the wait is bounded, and a record that is dropped in the middle of it would be lost without being counted.
    private async ValueTask AppendWhenRoomAsync(QueuedLine queued, byte[] line)
    {
        var settings = _configuration.Current.Delivery;
        var wait = queued.Delivery.Mode == DeliveryMode.Background ? settings.QueueFullWait : DurableQueueWait;
        if (await _store.Budget.TakeAsync(line.Length, wait).ConfigureAwait(false))
        {
            await AppendAsync(queued, line, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        var cause = $"the queue of {settings.QueueBytes} bytes stayed full for {wait.TotalMilliseconds:0} ms: the disk does not follow";
        if (queued.Delivery.OnFailure == FailurePolicy.Refuse)
            throw new TrailWriteException($"The trail of user '{queued.User}' could not be written: {cause}.");
        _store.Lose(queued.User, 1, cause);
    }

    private readonly record struct QueuedLine(string User, DateOnly Day, bool MayRepeat, Delivery Delivery);
}
