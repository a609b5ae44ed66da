namespace ToolTrail.Reading;

/// <summary>A day of a user's trail.</summary>
/// <param name="UserFolder">The user's folder name.</param>
/// <param name="Day">The date, in the home's zone.</param>
/// <param name="Parts">Number of files.</param>
/// <param name="Bytes">Their size together.</param>
/// <param name="Records">Lines that are records.</param>
/// <param name="Skipped">Lines that are not.</param>
public sealed record TrailDay(string UserFolder, DateOnly Day, int Parts, long Bytes, long Records, long Skipped);
