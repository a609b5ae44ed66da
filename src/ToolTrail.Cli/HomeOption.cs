using System.CommandLine;
using ToolTrail.Home;

namespace ToolTrail.Cli;

/// <summary>The <c>--home</c> option that every command has.</summary>
internal static class HomeOption
{
    /// <summary>The option; it stands on the root and holds for each command.</summary>
    public static Option<string?> Instance { get; } = new("--home")
    {
        Description = "Where the trail lives. Default: $TOOLTRAIL_HOME, else the per-user data folder of the system",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Opens the home that the command line, the environment or the system names, for recording; makes it if need be.</summary>
    public static TrailHome OpenHome(this ParseResult parsed) => TrailHome.Open(parsed.LocateHome());

    /// <summary>Opens that home for reading; makes nothing.</summary>
    public static TrailHome OpenHomeForReading(this ParseResult parsed) => TrailHome.OpenForReading(parsed.LocateHome());

    /// <summary>The absolute path of that home.</summary>
    public static string LocateHome(this ParseResult parsed) => TrailHome.Locate(parsed.GetValue(Instance));

    /// <summary>What named that home, in words.</summary>
    public static string Origin(ParseResult parsed) => NamedBy(parsed) ?? "the system's default";

    /// <summary>Whether the command line or the environment named it.</summary>
    public static bool IsNamed(ParseResult parsed) => NamedBy(parsed) is not null;

    private static string? NamedBy(ParseResult parsed) => parsed.GetValue(Instance) is not null ? "--home"
        : string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TOOLTRAIL_HOME")) ? null
        : "TOOLTRAIL_HOME";
}
