namespace ToolTrail.Cli;

/// <summary>A command line worth copying, for <c>--help</c>.</summary>
/// <param name="CommandLine">As typed, without a prompt.</param>
/// <param name="Purpose">What it is for, in a few words.</param>
internal sealed record Example(string CommandLine, string Purpose);
