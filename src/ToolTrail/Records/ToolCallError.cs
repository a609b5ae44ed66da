namespace ToolTrail.Records;

/// <summary>Why a call failed.</summary>
/// <param name="Type">The kind of error: an exception's type name, a JSON-RPC code, a class of OpenTelemetry's <c>error.type</c>.</param>
/// <param name="Message">What it said, for people. Redacted and cut like an argument.</param>
public sealed record ToolCallError(string? Type, string? Message);
