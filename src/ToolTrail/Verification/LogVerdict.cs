using ToolTrail.Integrity;

namespace ToolTrail.Verification;

/// <summary>What verification says of the seal log.</summary>
/// <param name="Head">Its newest checkpoint; <c>null</c>: none can be read.</param>
/// <param name="Findings">What is wrong.</param>
/// <param name="Remarks">What there is to know beside.</param>
public sealed record LogVerdict(Checkpoint? Head, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Remarks);
