using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Tests.Proxy;

public sealed class ServerNameTests
{
    [Theory]
    [InlineData("my-server", "my-server")]
    [InlineData("/opt/tools/my.server.exe --stdio", "my.server")]
    [InlineData("node dist/index.js", "node")]
    [InlineData("npx -y @modelcontextprotocol/server-filesystem /data", "server-filesystem")]
    [InlineData("npx -y @modelcontextprotocol/server-everything@2026.8.31 stdio", "server-everything")]
    [InlineData("/usr/bin/npx some-server@latest", "some-server")]
    [InlineData("uvx mcp-server-git --repository .", "mcp-server-git")]
    [InlineData("npx -y", "npx")]
    public void Command_WithoutServerOption_NamesTheServer(string commandLine, string expected)
    {
        var parts = commandLine.Split(' ');
        Assert.Equal(expected, ServerName.Of(parts[0], parts[1..]));
    }
}
