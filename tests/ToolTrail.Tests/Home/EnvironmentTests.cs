namespace ToolTrail.Tests.Home;

/// <summary>Tests that set environment variables: one at a time, and beside nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EnvironmentTests
{
    public const string Name = "Environment";
}
