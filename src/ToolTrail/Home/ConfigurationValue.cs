namespace ToolTrail.Home;

/// <summary>A configured value.</summary>
/// <param name="Path">Its place, e.g. <c>delivery.mode</c>.</param>
/// <param name="Value">The value as JSON.</param>
/// <param name="Source">
/// Where it comes from: <c>default</c>, the file's path, the variable's name, <c>option</c>, or <c>program</c> for settings that a program
/// brought itself.
/// </param>
public sealed record ConfigurationValue(string Path, string Value, string Source);
