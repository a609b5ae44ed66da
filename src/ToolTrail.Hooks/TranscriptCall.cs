using ToolTrail.Recording;

namespace ToolTrail.Hooks;

/// <summary>A call that a host's own record of a session holds, with what became of it.</summary>
/// <param name="CallId">The host's id of it.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">The arguments' JSON.</param>
/// <param name="Outcome">How it ended; <c>null</c>: not yet.</param>
/// <param name="Ended">When.</param>
internal sealed record TranscriptCall(string CallId, string Tool, ReadOnlyMemory<byte> Arguments, ToolCallOutcome? Outcome, DateTimeOffset Ended);
