using System.Net;
using System.Net.Sockets;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>What <c>tooltrail proxy</c> says where it cannot do what it is told.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Listen_AtAnAddressThatIsTaken_SaysSoInTwoLines()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var run = await _home.RunAsync("proxy", "--listen", $"127.0.0.1:{port}", "--upstream", "http://127.0.0.1:9/mcp");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"tooltrail: http://127.0.0.1:{port} is taken: another program, or another 'tooltrail proxy', listens there.\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, run.Errors.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("--session is for a server's command", "--session", "s", "--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:9/mcp")]
    [InlineData("--user-header and --user-claim are for --listen", "--user-header", "X-User", "--", "true")]
    [InlineData("--user-header and --user-claim are for --listen", "--user-claim", "sub", "--", "true")]
    [InlineData("--listen and --upstream belong together", "--listen", "127.0.0.1:0")]
    public async Task AnOptionThatWouldDoNothing_IsRefused(string error, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(["proxy", "--home", _home.Path, .. arguments]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(error, run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home.Path));
    }
}
