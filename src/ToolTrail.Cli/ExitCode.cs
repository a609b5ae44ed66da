namespace ToolTrail.Cli;

/// <summary>What the tool's exit codes mean. <c>proxy</c> alone exits with its server's code.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Something went wrong, or a check failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the home or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Some of the input was refused; the rest is stored.</summary>
    public const int Refused = 3;

    /// <summary>Writing to the trail failed.</summary>
    public const int WriteFailed = 4;

    /// <summary>Ended by Ctrl-C or a signal, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>For <c>--help</c>.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done"),
        (Failed, "something went wrong, or a check failed"),
        (Usage, "the command line, the home or the configuration is wrong"),
        (Refused, "some of the input was refused; the rest is stored"),
        (WriteFailed, "writing to the trail failed"),
        (Interrupted, "interrupted"),
    ];
}
