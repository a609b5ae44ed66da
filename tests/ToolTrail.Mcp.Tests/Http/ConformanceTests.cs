using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>The protocol's own conformance suite, which must not see that the proxy is there: here before a server.</summary>
public sealed class ConformanceTests : IDisposable
{
    private readonly ProxyHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("2025-11-25", 33, 80)]
    [InlineData("2026-07-28", 50, 150)]
    public async Task AServer_BehindTheProxy_IsGivenTheSameVerdicts(string revision, int scenarios, int successes)
    {
        await using var peers = await HttpPeers.StartAsync(_home, HttpPeers.BothEras);
        var direct = await RunAsync(revision, "server", peers.Direct.ToString());
        Assert.Equal(direct, await RunAsync(revision, "server", peers.Proxied.ToString()));

        // The comparison would say nothing of a server that fails all of them.
        Assert.InRange(direct.Select(verdict => verdict.Split(' ')[0]).Distinct().Count(), scenarios, int.MaxValue);
        Assert.InRange(Successes(direct), successes, int.MaxValue);
        await peers.EndProxyAsync();
        Assert.Contains("test_simple_text ok", _home.Outcomes());
    }

    /// <summary>How many verdicts are good ones.</summary>
    internal static int Successes(string[] verdicts) => verdicts.Count(verdict => verdict.EndsWith(" SUCCESS", StringComparison.Ordinal));

    /// <summary>The verdicts of a run of <c>tests/peers/conformance.mjs</c>.</summary>
    internal static async Task<string[]> RunAsync(params string[] arguments)
    {
        await using var suite = ToolProcess.StartProgram("node", [SourceTree.PathOf("tests", "peers", "conformance.mjs"), .. arguments]);
        var run = await suite.FinishAsync();
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
