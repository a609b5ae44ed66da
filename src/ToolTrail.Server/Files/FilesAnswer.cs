namespace ToolTrail.Server.Files;

/// <summary>The days that a user's trail holds.</summary>
/// <param name="User">Whose.</param>
/// <param name="Days">Newest first.</param>
internal sealed record FilesAnswer(string User, IReadOnlyList<DayAnswer> Days);

/// <summary>A day of a user's trail.</summary>
/// <param name="Date">The date, in the home's zone.</param>
/// <param name="Parts">Number of files.</param>
/// <param name="Bytes">Their size together.</param>
/// <param name="Records">Lines that are records.</param>
/// <param name="Skipped">Lines that are not.</param>
internal sealed record DayAnswer(DateOnly Date, int Parts, long Bytes, long Records, long Skipped);
