using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;
using ToolTrail.Server.Verify;

namespace ToolTrail.Server.Tests.Seals;

public sealed class VerifyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_OfAnIntactTrail_SaysSo_AndIsRecorded()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice", "alice", "bob");
        var auditor = await server.ClientAsync(Role.Auditor);

        var verdict = await auditor.GetJsonAsync("/api/audit/verify");

        Assert.True(verdict.GetProperty("intact").GetBoolean(), verdict.GetRawText());
        Assert.Equal(server.Home.Installation, verdict.GetProperty("installation").GetString());
        Assert.True(verdict.GetProperty("seal_log").GetProperty("entries").GetInt64() >= 2);
        Assert.Equal(["alice", "bob"], Folders(verdict).Where(folder => folder != "tooltrail"));
        var alice = verdict.GetProperty("parts")[0];
        Assert.Equal((2, 2), (alice.GetProperty("lines").GetInt32(), alice.GetProperty("sealed_lines").GetInt32()));
        Assert.Equal("*", Assert.Single(await server.ReadsAsync()).GetProperty("user").GetString());
    }

    [Fact]
    public async Task Verify_OfAnEditedLine_NamesIt()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice", "alice", "alice");
        var (path, day) = server.FileOf("alice");
        var lines = await File.ReadAllLinesAsync(path, Cancel);
        lines[1] = lines[1].Replace("read_file", "send_file", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, string.Concat(lines.Select(line => line + "\n")), Cancel);
        var auditor = await server.ClientAsync(Role.Auditor);

        var verdict = await auditor.GetJsonAsync($"/api/audit/verify?user=alice&from={day}&to={day}");
        var before = await auditor.GetJsonAsync("/api/audit/verify?user=alice&to=2020-01-01");

        Assert.False(verdict.GetProperty("intact").GetBoolean());
        var part = Assert.Single(verdict.GetProperty("parts").EnumerateArray());
        var finding = Assert.Single(part.GetProperty("findings").EnumerateArray());
        Assert.Equal(("edited", 1, 1), (finding.GetProperty("kind").GetString(), finding.GetProperty("first_line").GetInt32(), finding.GetProperty("last_line").GetInt32()));
        Assert.Empty(Folders(before));
    }

    [Fact]
    public async Task Verify_OfAUserKey_IsOfItsOwnUserAlone()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice", "bertrand");

        var own = await server.ClientAsync(Role.User, "alice");
        Assert.Equal(["alice"], Folders(await own.GetJsonAsync("/api/audit/verify")));
        Assert.Equal(["alice"], Folders(await own.GetJsonAsync("/api/audit/verify?user=alice")));
        Assert.DoesNotContain("bertrand", (await own.GetJsonAsync("/api/audit/verify")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await own.StatusOfAsync("/api/audit/verify?user=bertrand"));
        Assert.Equal(HttpStatusCode.Forbidden, await (await server.ClientAsync(Role.Producer, "*")).StatusOfAsync("/api/audit/verify"));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.Client().StatusOfAsync("/api/audit/verify"));
    }

    [Fact]
    public async Task Verify_WhileAnotherIsUnderWay_IsToldToComeBack()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        var auditor = await server.ClientAsync(Role.Auditor);
        var turn = server.App.Services.GetRequiredService<VerifyTurn>();

        Assert.True(turn.TryTake());
        using (var response = await auditor.GetAsync("/api/audit/verify", Cancel))
        {
            await response.ProblemAsync(HttpStatusCode.TooManyRequests);
            Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        }

        turn.GiveBack();
        Assert.Equal(HttpStatusCode.OK, await auditor.StatusOfAsync("/api/audit/verify"));
        Assert.Equal(HttpStatusCode.OK, await auditor.StatusOfAsync("/api/audit/verify"));
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-02-30")]
    [InlineData("from=2026-11-24&to=2026-11-23")]
    public async Task Verify_OfBadDays_IsABadRequest(string query)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await (await server.ClientAsync(Role.Auditor)).GetAsync($"/api/audit/verify?{query}", Cancel);

        await response.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Verify_WithoutAKey_IsUnavailable_AndGivesTheTurnBack()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        var auditor = await server.ClientAsync(Role.Auditor);
        File.Delete(Path.Combine(server.Home.SystemPath, "signing.key"));

        foreach (var _ in new int[2])
        {
            using var response = await auditor.GetAsync("/api/audit/verify", Cancel);
            Assert.Contains("integrity.signingKey", await response.ProblemAsync(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string?> Folders(JsonElement verdict) => verdict.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("user_folder").GetString());
}
