namespace ToolTrail.ModelContextProtocol.Tests;

/// <summary>What a test knows of a tool that runs.</summary>
internal sealed class ToolGate
{
    /// <summary>The tool that waits has begun to.</summary>
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called in the middle of a call.</summary>
    public Action? Look { get; set; }
}
