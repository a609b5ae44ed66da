using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>How a call ended.</summary>
public readonly record struct ToolCallOutcome
{
    /// <summary>How it ended.</summary>
    public required ToolCallStatus Status { get; init; }

    /// <summary>What the tool answered, if it did.</summary>
    public ToolResult Result { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public ToolCallError? Error { get; init; }

    /// <summary>Why it was denied or cancelled, or by whom.</summary>
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
    /// cancellation, an <see cref="UnauthorizedAccessException"/> a denial, everything else a failure.
    /// </summary>
    public static ToolCallOutcome Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            TimeoutException or OperationCanceledException { InnerException: TimeoutException } => TimedOut(exception.Message),
            OperationCanceledException => Cancelled(exception.Message),
            UnauthorizedAccessException => Denied(exception.Message),
            _ => Failed(new ToolCallError(exception.GetType().FullName, exception.Message)),
        };
    }
}
