namespace ToolTrail.Bench.Contenders;

/// <summary>Who takes part, by the name that the report uses.</summary>
internal static class Contender
{
    public const string ToolTrail = "ToolTrail Background";
    public const string Unsealed = "ToolTrail Background, unsealed";
    public const string ZLogger = "ZLogger (fields only)";
    public const string SerilogAsync = "Serilog async, blocking";
    public const string OpenAppendClose = "open + append + close";

    private static readonly (string Name, Func<string, IContender> Open)[] All =
    [
        (ToolTrail, folder => new ToolTrailContender(folder)),
        (Unsealed, folder => new ToolTrailContender(folder, seals: false)),
        (ZLogger, folder => new ZLoggerContender(folder)),
        ("Serilog file", folder => new SerilogContender(folder, isAsync: false)),
        (SerilogAsync, folder => new SerilogContender(folder, isAsync: true)),
        ("NLog async, blocking", folder => new NLogContender(folder)),
        (OpenAppendClose, folder => new OpenAppendCloseContender(folder)),
    ];

    public static IReadOnlyList<string> Names => [.. All.Select(contender => contender.Name)];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">An empty folder, where it records to.</param>
    public static IContender Open(string name, string folder) => All.Single(contender => contender.Name == name).Open(folder);
}
