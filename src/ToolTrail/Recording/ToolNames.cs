namespace ToolTrail.Recording;

/// <summary>The names under which rules find a tool.</summary>
internal static class ToolNames
{
    private const string Prefix = "mcp_";

    /// <summary>
    /// The name that an MCP server gives its tool, where the host puts the server's before it: <c>read</c> of <c>mcp__files__read</c>, and of
    /// <c>mcp_files_read</c> where the server is known to be <c>files</c>; <c>null</c>: there is no other name.
    /// </summary>
    /// <param name="tool">The tool, as the host names it.</param>
    /// <param name="server">Its server, as the configuration of the host names it; <c>null</c>: not known.</param>
    public static string? OwnOf(string tool, string? server)
    {
        if (!tool.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        if (tool.StartsWith("mcp__", StringComparison.Ordinal) && tool.IndexOf("__", 5, StringComparison.Ordinal) is > 5 and var end)
            return tool[(end + 2)..];
        if (server is null)
            return null;
        var named = $"{Written(server)}_";
        // Gemini CLI puts no second "mcp_" before a name that begins so.
        return tool.AsSpan(Prefix.Length).StartsWith(named, StringComparison.Ordinal) ? tool[(Prefix.Length + named.Length)..]
            : tool.StartsWith(named, StringComparison.Ordinal) ? tool[named.Length..]
            : null;
    }

    /// <summary>Whether a glob matches the tool under one of its names.</summary>
    public static bool IsMatch(string? pattern, string tool, string? own) => Glob.IsMatch(pattern, tool) || (own is not null && Glob.IsMatch(pattern, own));

    // As Gemini CLI writes it in a tool's name: the model's interface allows no other characters there.
    private static string Written(string server) => string.Concat(server.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':' ? c : '_'));
}
