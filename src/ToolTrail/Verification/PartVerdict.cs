using ToolTrail.Storage;

namespace ToolTrail.Verification;

/// <summary>What verification says of a part.</summary>
/// <param name="Part">The part.</param>
/// <param name="Lines">Lines that are there.</param>
/// <param name="SealedLines">Lines that the seal log stands for.</param>
/// <param name="Findings">What is wrong; none: everything that was signed is there as it was.</param>
/// <param name="Remarks">What there is to know beside: lines that are not sealed yet, what was erased or removed, when and why.</param>
public sealed record PartVerdict(PartName Part, long Lines, long SealedLines, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Remarks);
