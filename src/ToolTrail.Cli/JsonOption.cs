using System.CommandLine;

namespace ToolTrail.Cli;

/// <summary>The <c>--json</c> option, for programs.</summary>
internal static class JsonOption
{
    /// <summary>Of a command that prints records.</summary>
    public static Option<bool> Lines() => new("--json") { Description = "Print the stored lines themselves, one JSON object a line" };

    /// <summary>Of a command that prints one answer.</summary>
    public static Option<bool> Object() => new("--json") { Description = "Print one JSON object" };
}
