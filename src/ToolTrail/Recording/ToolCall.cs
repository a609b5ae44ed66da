namespace ToolTrail.Recording;

/// <summary>A call that has begun, as <see cref="ToolCallRecorder.BeginAsync"/> gives it.</summary>
public sealed class ToolCall
{
    internal ToolCall()
    {
    }

    /// <summary>The policy's refusal: the tool must not run, the denial is already recorded. <c>null</c>: go ahead.</summary>
    public ToolCallDenial? Denial => throw new NotImplementedException();

    /// <summary>Records the outcome, once: whoever comes second changes nothing. Waits as the tool's delivery mode says.</summary>
    /// <exception cref="TrailWriteException">The outcome could not be written, and the tool's failure policy is <see cref="FailurePolicy.Refuse"/>.</exception>
    public ValueTask CompleteAsync(ToolCallOutcome outcome, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
