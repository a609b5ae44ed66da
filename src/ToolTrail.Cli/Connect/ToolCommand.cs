namespace ToolTrail.Cli.Connect;

/// <summary>How a host starts this tool.</summary>
/// <param name="Program">Absolute path, since hosts have search paths of their own.</param>
/// <param name="Home">The home that is named, where it is not the default one; <c>null</c>: the default.</param>
internal sealed record ToolCommand(string Program, string? Home)
{
    /// <summary>The options that every command gets.</summary>
    public IReadOnlyList<string> HomeOption => Home is null ? [] : ["--home", Home];

    /// <summary>This process's own, or the tool in the search path.</summary>
    /// <param name="home">The home, when the command line or the environment named it.</param>
    public static ToolCommand Current(string? home)
    {
        var path = Environment.ProcessPath;
        var isTool = path is not null && Path.GetFileNameWithoutExtension(path) == "tooltrail";
        return new ToolCommand(isTool ? path! : "tooltrail", home);
    }

    /// <summary>The command line of a hook, for a shell.</summary>
    public string HookLine(string host)
    {
        string[] command = HookProgram.Installed is { } hook ? [hook, host] : [Program, "hook", host];
        return string.Join(' ', command.Concat(HomeOption).Select(Quote));
    }

    private static string Quote(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || "/\\:._-+@%".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
