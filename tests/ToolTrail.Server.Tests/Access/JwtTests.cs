using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using ToolTrail.Home;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Access;

/// <summary>Tokens of a configured issuer.</summary>
public sealed class JwtTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_GivesTheRoleAndUsers_ThatItsClaimsName()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var server = await StartAsync(issuer);
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "other");

        var auditor = server.Client(issuer.Token(new() { ["roles"] = new[] { "something", "auditor" }, ["sub"] = "eve" }));
        var user = server.Client(issuer.Token(new() { ["roles"] = "user", ["email"] = "alice", ["sub"] = "42" }));
        var producer = server.Client(issuer.Token(new() { ["roles"] = "producer", ["email"] = "carol", ["sub"] = "43" }));

        Assert.Equal(HttpStatusCode.OK, await auditor.StatusOfAsync("/api/audit/recent?user=bob"));
        Assert.Equal("mine", (await user.GetJsonAsync("/api/audit/recent")).GetProperty("records")[0].GetProperty("tool").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, await user.StatusOfAsync("/api/audit/recent?user=bob"));
        Assert.Equal(HttpStatusCode.Forbidden, await producer.StatusOfAsync("/api/audit/recent"));
        using var posted = await producer.PostRecordsAsync("""{"user":"carol","tool":"t","status":"ok"}""");
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Contains(await server.ReadsAsync(), args => args.GetProperty("by").GetString() == "token 42");
    }

    [Fact]
    public async Task Token_ThatIsNotGood_IsRefused()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var server = await StartAsync(issuer);
        using var other = RSA.Create(2048);
        var claims = new Dictionary<string, object> { ["roles"] = "auditor", ["sub"] = "eve" };
        string[] bad =
        [
            issuer.Token(claims, audience: "something else"),
            issuer.Token(claims, lifetime: TimeSpan.FromMinutes(-2)),
            issuer.Token(claims, key: new RsaSecurityKey(other) { KeyId = "k1" }),
            issuer.Token(new() { ["roles"] = "superuser", ["sub"] = "eve" }),
            issuer.Token(new() { ["sub"] = "eve" }),
            Unsigned(),
            "a.b.c",
        ];

        foreach (var token in bad)
        {
            using var response = await server.Client(token).GetAsync("/api/audit/recent", Cancel);
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }

        Assert.Equal(bad.Length, server.Log.Count(line => line.Contains("the key or token is not valid", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task UserToken_WithoutAUser_ReadsNothing()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var server = await StartAsync(issuer);
        await server.RecordAsync("", "nobody's");

        var client = server.Client(issuer.Token(new() { ["roles"] = "user", ["sub"] = "eve" }));

        Assert.Equal(HttpStatusCode.Forbidden, await client.StatusOfAsync("/api/audit/recent"));
        Assert.Equal(HttpStatusCode.Forbidden, await client.StatusOfAsync("/api/audit/recent?user="));
    }

    [Fact]
    public async Task Keys_AreAcceptedBesideTokens()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        Assert.Equal(HttpStatusCode.OK, await (await server.ClientAsync(ToolTrail.Server.Access.Role.Auditor)).StatusOfAsync("/api/audit/recent"));
    }

    [Fact]
    public async Task Token_WhereNoneAreConfigured_IsRefused()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var server = await TestServer.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await server.Client(issuer.Token(new() { ["roles"] = "admin", ["sub"] = "eve" })).StatusOfAsync("/api/audit/recent"));
    }

    [Theory]
    [InlineData("http://issuer.example")]
    [InlineData("issuer.example")]
    public async Task Authority_ThatIsNotHttps_IsToldBeforeTheServerStarts(string authority)
    {
        var settings = new ServerSettings { Urls = "http://127.0.0.1:0", Jwt = new JwtSettings { Authority = authority, Audience = "x" } };

        var exception = await Assert.ThrowsAsync<TrailConfigurationException>(() => TestServer.StartAsync(settings));

        Assert.Contains("server.jwt.authority", exception.Message, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(TokenIssuer issuer) => TestServer.StartAsync(new ServerSettings
    {
        Urls = "http://127.0.0.1:0",
        Jwt = new JwtSettings { Authority = issuer.Address, Audience = TokenIssuer.Audience, RoleClaim = "roles", UserClaim = "email" },
    });

    // Header {"alg":"none"}.
    private static string Unsigned() =>
        $"eyJhbGciOiJub25lIn0.{Base64UrlEncoder.Encode("""{"roles":"admin","sub":"eve","aud":"tooltrail","exp":9999999999}""")}.";
}
