using ToolTrail.Sealing;

namespace ToolTrail.Verification;

/// <summary>Something that is wrong with a trail.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">In words.</param>
/// <param name="Lines">The lines it concerns, as far as that is known: the first that differs, or the smallest range that holds it.</param>
public sealed record Finding(FindingKind Kind, string Message, LineRange? Lines = null);
