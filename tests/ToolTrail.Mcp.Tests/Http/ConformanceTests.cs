using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>The protocol's own conformance suite, which must not see that the proxy is there.</summary>
public sealed class ConformanceTests : IDisposable
{
    private readonly ProxyHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("2025-11-25", 33, 80)]
    [InlineData("2026-07-28", 50, 150)]
    public async Task TheSuite_BehindTheProxy_GivesTheSameVerdicts(string revision, int scenarios, int successes)
    {
        await using var peers = await HttpPeers.StartAsync(_home, HttpPeers.BothEras);
        var direct = await RunAsync(peers.Direct, revision);
        Assert.Equal(direct, await RunAsync(peers.Proxied, revision));

        // The comparison would say nothing of a server that fails all of them.
        Assert.InRange(direct.Select(verdict => verdict.Split(' ')[0]).Distinct().Count(), scenarios, int.MaxValue);
        Assert.InRange(direct.Count(verdict => verdict.EndsWith(" SUCCESS", StringComparison.Ordinal)), successes, int.MaxValue);
        await peers.EndProxyAsync();
        Assert.Contains("test_simple_text ok", _home.Outcomes());
    }

    private static async Task<string[]> RunAsync(Uri server, string revision)
    {
        await using var suite = ToolProcess.StartProgram("node", [SourceTree.PathOf("tests", "peers", "conformance.mjs"), server.ToString(), revision]);
        var run = await suite.FinishAsync();
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
