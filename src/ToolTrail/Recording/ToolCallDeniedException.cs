namespace ToolTrail.Recording;

/// <summary>A call that a policy refused: the tool did not run, and the denial is recorded.</summary>
public sealed class ToolCallDeniedException : Exception
{
    /// <summary>Takes the refusal.</summary>
    public ToolCallDeniedException(ToolCallDenial denial)
        : base(denial?.Message)
    {
        ArgumentNullException.ThrowIfNull(denial);
        Denial = denial;
    }

    /// <summary>Which rule, and why.</summary>
    public ToolCallDenial Denial { get; }
}
