using Microsoft.Extensions.Time.Testing;
using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Access;

public sealed class SignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoKey_IsRefusedAndLogged()
    {
        await using var server = await TestServer.StartAsync();

        using var response = await server.Client().GetAsync("/api/audit/recent", Cancel);

        Assert.Contains("X-Api-Key", await response.ProblemAsync(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Contains(server.Log, line => line == "Warning: Refused GET /api/audit/recent from 127.0.0.1: no key.");
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("X-Api-Key", "{0}")]
    public async Task Key_InEitherHeader_IsAccepted(string header, string format)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, string.Format(null, format, await server.KeyAsync(Role.Auditor)));

        Assert.Equal(HttpStatusCode.OK, await client.StatusOfAsync("/api/audit/recent"));
    }

    [Fact]
    public async Task WrongKey_IsRefusedAndLogged_AndNeverStandsInTheLog()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.KeyAsync(Role.Auditor);
        var wrong = key[..^4] + (key.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        string[] bad = [wrong, "tt_000000000000_" + key[16..], "tt_", "nonsense", key + "x", key.ToUpperInvariant()];

        foreach (var text in bad)
        {
            using var response = await server.Client(text).GetAsync("/api/audit/recent", Cancel);
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }

        Assert.Equal(bad.Length, server.Log.Count(line => line.Contains("the key or token is not valid", StringComparison.Ordinal)));
        Assert.All(bad.Append(key), text => Assert.False(text.Length > 8 && server.Log.Any(line => line.Contains(text, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task KeyInTheQuery_IsNoKey()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await server.Client().StatusOfAsync($"/api/audit/recent?key={await server.KeyAsync(Role.Admin)}"));
    }

    [Fact]
    public async Task FailedLogins_BeyondTheLimit_AreTurnedAway_AndAGoodKeyStillPasses()
    {
        await using var server = await TestServer.StartAsync();
        var good = await server.ClientAsync(Role.Auditor);
        var bad = server.Client("wrong");
        for (var i = 0; i < FailedLogins.Limit; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await bad.StatusOfAsync("/api/audit/recent"));

        using var response = await bad.GetAsync("/api/audit/recent", Cancel);

        await response.ProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await good.StatusOfAsync("/api/audit/recent"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await bad.StatusOfAsync("/api/audit/recent"));
        Assert.Single(server.Log, line => line.Contains("failed logins in a minute from 127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public void FailedLogins_CountByAddress_AndForgetAfterAMinute()
    {
        var time = new FakeTimeProvider();
        var failures = new FailedLogins(time);
        var one = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < FailedLogins.Limit; i++)
            Assert.Equal(0, failures.Add(one).Over);

        Assert.Equal((1, TimeSpan.FromMinutes(1)), failures.Add(one));
        Assert.Equal(2, failures.Add(IPAddress.Parse("::ffff:192.0.2.1")).Over);
        Assert.Equal(0, failures.Add(IPAddress.Parse("192.0.2.2")).Over);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, failures.Add(one).Over);
    }

    [Fact]
    public void FailedLogins_FromOneIpv6Network_CountTogether()
    {
        var failures = new FailedLogins(new FakeTimeProvider());
        for (var i = 0; i < FailedLogins.Limit; i++)
            failures.Add(IPAddress.Parse($"2001:db8::{i}"));

        Assert.Equal(1, failures.Add(IPAddress.Parse("2001:db8::ffff")).Over);
        Assert.Equal(0, failures.Add(IPAddress.Parse("2001:db8:0:1::1")).Over);
    }

    [Fact]
    public void FailedLogins_FromVeryManyAddresses_ShareACount()
    {
        var failures = new FailedLogins(new FakeTimeProvider());
        for (var i = 0; i < 10_000; i++)
            failures.Add(new IPAddress(BitConverter.GetBytes(i)));
        for (var i = 0; i < FailedLogins.Limit; i++)
            Assert.Equal(0, failures.Add(new IPAddress(BitConverter.GetBytes(1_000_000 + i))).Over);

        Assert.Equal(1, failures.Add(new IPAddress(BitConverter.GetBytes(2_000_000))).Over);
    }

    [Fact]
    public async Task Key_OnceExpired_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(300);
        var created = await server.Keys.AddAsync(new ApiKeyRequest { Role = Role.Auditor, Expires = soon }, "test", Cancel);

        await Eventually.HoldsAsync("the key has expired", async () =>
            TimeProvider.System.GetUtcNow() > soon && await server.Client(created.Text).StatusOfAsync("/api/audit/recent") != HttpStatusCode.OK);
    }
}
