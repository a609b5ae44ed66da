namespace ToolTrail.Torture.Processes;

/// <summary>What a recorder says of itself.</summary>
/// <param name="Degraded">Whether records are being lost or refused now.</param>
/// <param name="Lost">Records lost since its start.</param>
/// <param name="Pending">Losses that no gap record tells of yet.</param>
internal sealed record DriverHealth(bool Degraded, long Lost, long Pending);
