namespace ToolTrail.Server.AgentView;

/// <summary>A piece of a file.</summary>
/// <param name="Text">The text.</param>
/// <param name="Next">Where the next piece begins, in bytes; <c>null</c>: this was the last.</param>
/// <param name="Length">The file's length, in bytes.</param>
internal readonly record struct FilePiece(string Text, long? Next, long Length);
