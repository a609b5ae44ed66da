using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>How a call ended.</summary>
public readonly record struct ToolCallOutcome
{
    /// <summary>How it ended.</summary>
    public required ToolCallStatus Status { get; init; }

    /// <summary>What the tool answered, if it did.</summary>
    public ToolResult Result { get; init; }

    /// <summary>What went wrong, if anything did: an exception's type and message. The message is kept at <see cref="RecordLevel.Full"/> alone.</summary>
    public ToolCallError? Error { get; init; }

    /// <summary>Why it was denied or cancelled, or by whom. It is recorded at every level: never what the tool said.</summary>
    public string? Reason { get; init; }

    /// <summary>The tool answered.</summary>
    public static ToolCallOutcome Ok(ToolResult result) => new() { Status = ToolCallStatus.Ok, Result = result };

    /// <summary>The tool failed; it may have answered all the same.</summary>
    public static ToolCallOutcome Failed(ToolCallError? error, ToolResult result = default) =>
        new() { Status = ToolCallStatus.Error, Error = error, Result = result };

    /// <summary>The caller gave up.</summary>
    public static ToolCallOutcome Cancelled(string? reason = null) => new() { Status = ToolCallStatus.Cancelled, Reason = reason };

    /// <summary>The tool took longer than it was given.</summary>
    public static ToolCallOutcome TimedOut(string? reason = null) => new() { Status = ToolCallStatus.Timeout, Reason = reason };

    /// <summary>Somebody other than ToolTrail's policy refused the call.</summary>
    public static ToolCallOutcome Denied(string? reason) => new() { Status = ToolCallStatus.Denied, Reason = reason };

    /// <summary>
    /// The tool threw: a <see cref="TimeoutException"/> (also as the reason of a cancellation) is a timeout, an <see cref="OperationCanceledException"/> a
    /// cancellation, an <see cref="UnauthorizedAccessException"/> a denial, everything else a failure. What the exception says is the outcome's <see cref="Error"/>.
    /// </summary>
    public static ToolCallOutcome Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var error = new ToolCallError(exception.GetType().FullName, exception.Message);
        return exception switch
        {
            TimeoutException or OperationCanceledException { InnerException: TimeoutException } => TimedOut() with { Error = error },
            OperationCanceledException => Cancelled() with { Error = error },
            // The system's refusal, told apart from a rule's or a person's.
            UnauthorizedAccessException => Denied("the tool was refused access") with { Error = error },
            _ => Failed(error),
        };
    }

    /// <summary>The record of a call that ended so, for <see cref="ToolCallRecorder.RecordAsync"/>: a capture was told of it, and did not run the tool itself.</summary>
    /// <param name="call">The call.</param>
    public ToolCallRecord ApplyTo(ToolCallRecord call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call with { Status = Status, Result = Result, Error = Error, Reason = Reason };
    }
}
