using ToolTrail.Home;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hosting;

/// <summary>Browsers cannot be used against the server.</summary>
public sealed class HostCheckTests
{
    private static readonly ServerSettings Settings = new() { Urls = "http://127.0.0.1:0", AllowedHosts = ["trail.example"] };

    [Theory]
    [InlineData("127.0.0.1:{port}", true)]
    [InlineData("localhost:{port}", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("[::1]:{port}", true)]
    [InlineData("trail.example", true)]
    [InlineData("Trail.Example:443", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example:{port}", false)]
    [InlineData("192.0.2.7", false)]
    public async Task Host_ThatTheServerIsNot_IsRefused(string host, bool accepted)
    {
        await using var server = await TestServer.StartAsync(Settings);
        var client = await server.ClientAsync(Role.Auditor);
        client.DefaultRequestHeaders.Host = Filled(host, server);

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await client.StatusOfAsync("/api/audit/recent"));
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await client.StatusOfAsync("/health/live"));
        Assert.Equal(accepted ? 0 : 2, server.Log.Count(line => line.Contains("the Host header names a host", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Origin", "http://127.0.0.1:{port}", true)]
    [InlineData("Origin", "https://trail.example", true)]
    [InlineData("Origin", "http://127.0.0.1:1", false)]
    [InlineData("Origin", "http://localhost:{port}", false)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "https://trail.example.evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    public async Task Page_OfAnotherSite_MayNotCall(string header, string value, bool accepted)
    {
        await using var server = await TestServer.StartAsync(Settings);
        var client = await server.ClientAsync(Role.Producer, "alice");
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, Filled(value, server));

        using var response = await client.PostRecordsAsync("""{"user":"alice","tool":"t","status":"ok"}""");

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(accepted ? 1 : 0, (await server.RecordsAsync("alice")).Count);
    }

    [Fact]
    public async Task Link_ThatSomebodyFollows_IsNoCall()
    {
        await using var server = await TestServer.StartAsync(Settings);
        var client = server.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");

        Assert.Equal(HttpStatusCode.OK, await client.StatusOfAsync("/health/live"));
    }

    [Fact]
    public async Task AllowedHosts_AreFollowed_AsTheConfigurationChanges_AndTheChangeStandsInTheTrail()
    {
        await using var server = await TestServer.StartAsync(config: "{}");
        var client = server.Client();
        client.DefaultRequestHeaders.Host = "new.example";
        Assert.Equal(HttpStatusCode.Forbidden, await client.StatusOfAsync("/health/live"));

        await File.WriteAllTextAsync(server.ConfigPath, """{"server":{"allowedHosts":["new.example"]}}""", TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync("the new host is allowed", async () => await client.StatusOfAsync("/health/live") == HttpStatusCode.OK);
        await Eventually.HoldsAsync("the change is recorded", async () => (await server.RecordsAsync("tooltrail")).Any(record =>
            record.Tool == "tooltrail.admin" && System.Text.Encoding.UTF8.GetString(record.Arguments.Span).Contains("new.example", StringComparison.Ordinal)));
    }

    private static string Filled(string text, TestServer server) => text.Replace("{port}", $"{server.Address.Port}", StringComparison.Ordinal);
}
