using ToolTrail.Integrity;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;
using ToolTrail.Verification;

namespace ToolTrail.Server.Tests.Seals;

public sealed class ProofTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Role.Admin)]
    [InlineData(Role.Auditor)]
    [InlineData(Role.User)]
    public async Task Proof_OverHttp_HoldsWithTheServedKey_AndIsRecorded(Role role)
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice", "alice", "alice");
        var (path, day) = server.FileOf("alice");
        var client = await server.ClientAsync(role, role == Role.User ? ["alice"] : []);

        using var response = await client.GetAsync($"/api/audit/proof?user=alice&day={day}&line=1", Cancel);
        var keys = (await client.GetStringAsync("/api/audit/seals/keys", Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(VerifierKey.Parse).ToList();

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var proof = await response.Content.ReadAsStringAsync(Cancel);
        var line = await File.ReadAllLinesAsync(path, Cancel);
        var proven = ProvenLine.Check(proof, Utf8(line[1]), keys);
        Assert.Equal((1, 3, $"{server.Home.Installation}/alice/{day}"), (proven.Line, proven.Checkpoint.Size, proven.Checkpoint.Origin));
        Assert.Throws<ProofException>(() => ProvenLine.Check(proof, Utf8(line[2]), keys));
        Assert.Equal("alice", Assert.Single(await server.ReadsAsync()).GetProperty("user").GetString());
    }

    [Fact]
    public async Task Proof_OfAUserKey_IsOfItsOwnUser_WhoeverIsNamed()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        var (_, day) = server.FileOf("alice");

        Assert.Equal(HttpStatusCode.OK, await (await server.ClientAsync(Role.User, "alice")).StatusOfAsync($"/api/audit/proof?day={day}&line=0"));
        Assert.Equal(HttpStatusCode.Forbidden, await (await server.ClientAsync(Role.User, "bob")).StatusOfAsync($"/api/audit/proof?user=alice&day={day}&line=0"));
        Assert.Equal(HttpStatusCode.Forbidden, await (await server.ClientAsync(Role.Producer, "alice")).StatusOfAsync($"/api/audit/proof?user=alice&day={day}&line=0"));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.Client().StatusOfAsync($"/api/audit/proof?user=alice&day={day}&line=0"));
    }

    [Fact]
    public async Task Proof_OfWhatIsNotThereOrNotSealed_IsNotFound_AndSaysWhy()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        var (_, day) = server.FileOf("alice");
        var auditor = await server.ClientAsync(Role.Auditor);

        Assert.Contains("Line 1 of", await ProblemAsync($"user=alice&day={day}&line=1"), StringComparison.Ordinal);
        Assert.Contains("no part 2", await ProblemAsync($"user=alice&day={day}&line=0&part=2"), StringComparison.Ordinal);
        Assert.Contains("user 'nobody'", await ProblemAsync($"user=nobody&day={day}&line=0"), StringComparison.Ordinal);

        async Task<string?> ProblemAsync(string query)
        {
            using var response = await auditor.GetAsync($"/api/audit/proof?{query}", Cancel);
            return await response.ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("day=2026-11-23&line=0")]
    [InlineData("user=alice&line=0")]
    [InlineData("user=alice&day=2026-11-23")]
    [InlineData("user=alice&day=23.11.2026&line=0")]
    [InlineData("user=alice&day=2026-11-23&line=-1")]
    [InlineData("user=alice&day=2026-11-23&line=first")]
    [InlineData("user=alice&day=2026-11-23&line=0&part=0")]
    public async Task Proof_OfBadParameters_IsABadRequest(string query)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await (await server.ClientAsync(Role.Auditor)).GetAsync($"/api/audit/proof?{query}", Cancel);

        await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Empty(await server.ReadsAsync());
    }

    [Theory]
    [InlineData(Role.Auditor, true)]
    [InlineData(Role.User, false)]
    public async Task Proof_WithoutTheKey_IsUnavailable_AndOnlyAnAuditorIsToldWhy(Role role, bool isTold)
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        var (_, day) = server.FileOf("alice");
        var client = await server.ClientAsync(role, role == Role.User ? ["alice"] : []);
        File.Delete(Path.Combine(server.Home.SystemPath, "signing.key"));

        using var response = await client.GetAsync($"/api/audit/proof?user=alice&day={day}&line=0", Cancel);

        var detail = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(isTold, detail!.Contains(server.Home.SystemPath, StringComparison.Ordinal));
        Assert.Contains(server.Log, line => line.Contains("signing.key", StringComparison.Ordinal));
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
