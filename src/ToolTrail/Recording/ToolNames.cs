namespace ToolTrail.Recording;

/// <summary>The names under which rules find a tool.</summary>
internal static class ToolNames
{
    private const string Prefix = "mcp_";

    /// <summary>
    /// The name that an MCP server gives its tool, where the host puts the server's before it: <c>read</c> of <c>mcp__files__read</c>, and of
    /// <c>mcp_files_read</c> where the server is known to be <c>files</c>; <c>null</c>: there is no other name.
    /// </summary>
    public static string? OwnOf(string tool, string? server)
    {
        if (!tool.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        if (tool.StartsWith("mcp__", StringComparison.Ordinal) && tool.IndexOf("__", 5, StringComparison.Ordinal) is > 5 and var end)
            return tool[(end + 2)..];
        return server is not null && tool.AsSpan(Prefix.Length).StartsWith($"{server}_", StringComparison.Ordinal) ? tool[(Prefix.Length + server.Length + 1)..] : null;
    }

    /// <summary>Whether a glob matches the tool under one of its names.</summary>
    public static bool IsMatch(string? pattern, string tool, string? own) => Glob.IsMatch(pattern, tool) || (own is not null && Glob.IsMatch(pattern, own));
}
