using System.Buffers;
using System.Diagnostics;
using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>A call that has begun, as <see cref="ToolCallRecorder.BeginAsync(ToolCallRecord, CancellationToken)"/> gives it. Safe for use by several threads.</summary>
public sealed class ToolCall
{
    private readonly ToolCallRecorder _recorder;
    private readonly ToolCallRecord _record;
    private readonly byte[] _arguments;
    private readonly long _started;
    private int _isCompleted;

    // The arguments are copied: their memory is the caller's again when the call has begun.
    internal ToolCall(ToolCallRecorder recorder, ToolCallRecord record, Guid id, long started)
    {
        _recorder = recorder;
        _record = record;
        _started = started;
        Id = id;
        _arguments = record.Arguments.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(record.Arguments.Length);
        record.Arguments.Span.CopyTo(_arguments);
    }

    internal ToolCall(ToolCallRecorder recorder, ToolCallRecord record, ToolCallDenial denial)
    {
        _recorder = recorder;
        _record = record;
        _arguments = [];
        _isCompleted = 1;
        Denial = denial;
    }

    /// <summary>The policy's refusal: the tool must not run, the denial is already recorded. <c>null</c>: go ahead.</summary>
    public ToolCallDenial? Denial { get; }

    internal Guid Id { get; }

    /// <summary>Records the outcome, once: whoever comes second changes nothing. Waits as the tool's delivery mode says.</summary>
    /// <param name="outcome">How it ended. Its memory may change once this method has returned its task.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <exception cref="TrailWriteException">The outcome could not be written, and the tool's failure policy is <see cref="FailurePolicy.Refuse"/>.</exception>
    public ValueTask CompleteAsync(ToolCallOutcome outcome, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isCompleted, 1) != 0)
            return ValueTask.CompletedTask;
        var record = _record with
        {
            Timestamp = null,
            Arguments = _arguments.AsMemory(0, _record.Arguments.Length),
            Status = outcome.Status,
            Result = outcome.Result,
            Error = outcome.Error,
            Reason = outcome.Reason ?? _record.Reason,
            DurationMs = Math.Round(Stopwatch.GetElapsedTime(_started, _recorder.Timestamp()).TotalMilliseconds, 3),
        };
        try
        {
            return _recorder.CompleteAsync(record, Id, cancellationToken);
        }
        finally
        {
            // The line is encoded by now.
            if (_arguments.Length > 0)
                ArrayPool<byte>.Shared.Return(_arguments);
        }
    }
}
