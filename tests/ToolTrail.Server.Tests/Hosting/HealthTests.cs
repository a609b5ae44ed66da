using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hosting;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_ThatRecords_IsLiveAndReady_ForAnybody()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "t");

        Assert.Equal("live", (await server.Client().GetJsonAsync("/health/live")).GetProperty("state").GetString());
        var ready = await server.Client().GetJsonAsync("/health/ready");
        Assert.Equal("ready", ready.GetProperty("state").GetString());
        Assert.Equal(0, ready.GetProperty("lost").GetInt64());
        Assert.Empty(ready.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task Server_ThatLosesRecords_IsDegraded_UntilAGapRecordTellsOfThem()
    {
        await using var server = await TestServer.StartAsync();
        var auditor = await server.ClientAsync(Role.Auditor);
        var obstacle = Path.Combine(server.Home.Path, server.Home.UserFolder("alice"));
        await File.WriteAllTextAsync(obstacle, "", Cancel);
        await server.Recorder.RecordAsync(new ToolCallRecord { User = "alice", Tool = "t", Status = ToolCallStatus.Ok }, cancellationToken: Cancel);
        await Eventually.HoldsAsync("the loss is seen", () => Task.FromResult(server.Recorder.Health.Degraded));

        using var anonymous = await server.Client().GetAsync("/health/ready", Cancel);
        using var known = await auditor.GetAsync("/health/ready", Cancel);

        await anonymous.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        var problem = await anonymous.JsonAsync();
        Assert.Equal("degraded", problem.GetProperty("state").GetString());
        Assert.Equal(1, problem.GetProperty("lost").GetInt64());
        Assert.False(problem.TryGetProperty("cause", out _));
        Assert.NotEmpty((await known.JsonAsync()).GetProperty("cause").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await server.Client().StatusOfAsync("/health/live"));

        File.Delete(obstacle);
        await server.RecordAsync("alice", "t");
        await Eventually.HoldsAsync("the server is ready again", async () => await server.Client().StatusOfAsync("/health/ready") == HttpStatusCode.OK);
    }

    [Fact]
    public async Task BadConfiguration_IsReported_AndTheServerStaysReady()
    {
        await using var server = await TestServer.StartAsync(config: "{}");
        var auditor = await server.ClientAsync(Role.Auditor);
        await File.WriteAllTextAsync(server.ConfigPath, "{ bad", Cancel);

        await Eventually.HoldsAsync("the problem is reported", async () =>
            (await auditor.GetJsonAsync("/health/ready")).GetProperty("warnings").GetArrayLength() == 1);

        Assert.Contains("config.json", (await auditor.GetJsonAsync("/health/ready")).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        var anonymous = (await server.Client().GetJsonAsync("/health/ready")).GetProperty("warnings")[0].GetString();
        Assert.DoesNotContain(server.Home.Path, anonymous, StringComparison.Ordinal);
    }
}
