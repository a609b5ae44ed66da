namespace ToolTrail.Torture.Oracle;

/// <summary>What is wrong with a trail.</summary>
/// <param name="Lost">Ids that were acknowledged and are not there.</param>
/// <param name="Duplicated">Ids that stand there more than once.</param>
/// <param name="Corrupted">Lines that are none, or stand where they do not belong; each with where and why.</param>
internal sealed record TrailFindings(IReadOnlyCollection<string> Lost, IReadOnlyCollection<string> Duplicated, IReadOnlyCollection<string> Corrupted);
