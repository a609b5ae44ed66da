using ToolTrail.Fuzz;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Fuzzing;

/// <summary>What fuzzing has found so far, once more: the short version of <c>./torture.sh hostile</c>.</summary>
public sealed class CorpusTests
{
    private static readonly FuzzCorpus Corpus = new(SourceTree.PathOf("tests", "ToolTrail.Fuzz"));

    public static TheoryData<string> Targets() => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void EveryKeptInput_IsTakenOrRefused(string name)
    {
        using var target = FuzzTargets.Open(name);
        var inputs = 0;
        foreach (var (entry, input) in Corpus.Read(name))
        {
            var problem = Record.Exception(() => target.Run(input));
            Assert.True(problem is null, $"'{entry}' of the target '{name}': {problem}");
            inputs++;
        }

        Assert.NotEqual(0, inputs);
    }
}
