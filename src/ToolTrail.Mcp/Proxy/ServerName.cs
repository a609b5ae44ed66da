namespace ToolTrail.Mcp.Proxy;

/// <summary>The name of a server that was given none.</summary>
public static class ServerName
{
    private static readonly string[] Launchers = ["npx", "bunx", "pnpx", "uvx", "dnx"];

    /// <summary>
    /// The file name of the command without its extension; for a command that fetches a package and runs it (<c>npx</c>, <c>bunx</c>, <c>pnpx</c>,
    /// <c>uvx</c>, <c>dnx</c>) the package's name without scope and version: <c>npx -y @modelcontextprotocol/server-filesystem@latest /data</c> is
    /// <c>server-filesystem</c>.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string Of(string command, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(arguments);
        var name = Path.GetFileNameWithoutExtension(command);
        var package = Launchers.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? arguments.FirstOrDefault(argument => !argument.StartsWith('-'))
            : null;
        return package is null ? name : OfPackage(package);
    }

    private static string OfPackage(string package)
    {
        var name = package[(package.LastIndexOf('/') + 1)..];
        var version = name.IndexOf('@', StringComparison.Ordinal);
        return version > 0 ? name[..version] : name;
    }
}
