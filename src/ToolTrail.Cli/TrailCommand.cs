using System.CommandLine;

namespace ToolTrail.Cli;

/// <summary>A command whose <c>--help</c> shows examples.</summary>
internal sealed class TrailCommand : Command
{
    /// <param name="name">As typed.</param>
    /// <param name="description">One sentence, then details if they are needed.</param>
    public TrailCommand(string name, string description)
        : base(name, description)
    {
    }

    /// <summary>The examples, the plainest first.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }
}
