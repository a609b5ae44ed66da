namespace ToolTrail.Torture.Oracle;

/// <summary>A line of a day file.</summary>
/// <param name="File">Absolute path of the file.</param>
/// <param name="Number">From 1.</param>
/// <param name="Id">The record's id; <c>null</c> for the recorder's own lines.</param>
/// <param name="Status">How the call ended.</param>
/// <param name="Count">What a gap record counts, or 0.</param>
internal sealed record StoredLine(string File, int Number, string? Id, string Status, long Count);
