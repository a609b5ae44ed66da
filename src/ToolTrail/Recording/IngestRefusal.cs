namespace ToolTrail.Recording;

/// <summary>A record that was not stored.</summary>
/// <param name="Line">Number of its line, or of its element in an array, from 1.</param>
/// <param name="Error">What is wrong with it and what to do.</param>
/// <param name="Failed">Whether the record was fine and writing failed.</param>
public sealed record IngestRefusal(long Line, string Error, bool Failed);
