namespace ToolTrail.Server.Health;

/// <summary>The process answers.</summary>
/// <param name="State">Always <c>live</c>.</param>
internal sealed record LiveAnswer(string State);

/// <summary>Records are being kept.</summary>
/// <param name="State">Always <c>ready</c>; while records are being lost the answer is a problem whose <c>state</c> is <c>degraded</c>.</param>
/// <param name="Recorded">Records written since the start.</param>
/// <param name="Lost">Records lost since the start, all of which gap records tell of.</param>
/// <param name="Warnings">What somebody should put right.</param>
internal sealed record ReadyAnswer(string State, long Recorded, long Lost, IReadOnlyList<string> Warnings);
