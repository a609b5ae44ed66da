using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Keys;

/// <summary>A running server follows the key file.</summary>
public sealed class FollowedKeysTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddedKey_IsAccepted_AndRevokedKey_Refused_WithoutARestart()
    {
        await using var server = await TestServer.StartAsync();
        var created = await server.Keys.AddAsync(new ApiKeyRequest { Role = Role.Auditor, Name = "ci" }, "test", Cancel);
        var client = server.Client(created.Text);
        await Eventually.HoldsAsync("the new key is accepted", async () => await client.StatusOfAsync("/api/audit/recent") == HttpStatusCode.OK);

        await server.Keys.RevokeAsync("ci", "test", Cancel);

        await Eventually.HoldsAsync("the revoked key is refused", async () => !await IsAcceptedAsync(client));
    }

    [Fact]
    public async Task OpenUpload_OfARevokedKey_Ends()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.KeyAsync(Role.Producer, "alice");
        using var upload = new OpenUpload(server.Address, key);
        await upload.SendAsync("""{"user":"alice","tool":"t","status":"ok"}""" + "\n");
        await Eventually.HoldsAsync("the record is stored", async () => (await server.RecordsAsync("alice")).Count == 1);

        await server.Keys.RevokeAsync(key.Split('_')[1], "test", Cancel);

        Assert.Empty(await upload.EndAsync());
        Assert.Contains(server.Log, line => line.StartsWith("Information: Ended POST /api/audit/records of key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenDay_OfARevokedKey_Ends_AndIsNotTakenForWhole()
    {
        await using var server = await TestServer.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        // More than all buffers between the server and a client that does not read.
        server.WriteDayFile("alice", Enumerable.Repeat(DayFiles.Line(now, "alice", new string('t', 400)), 60_000));
        var key = await server.KeyAsync(Role.User, "alice");
        using var response = await server.Client(key).GetAsync($"/api/audit/day?date={now:yyyy-MM-dd}", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await server.Keys.RevokeAsync(key.Split('_')[1], "test", Cancel);
        await Eventually.HoldsAsync("the stream is cut", () => Task.FromResult(server.Log.Any(line => line.Contains("Ended GET /api/audit/day of key", StringComparison.Ordinal))));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task DamagedKeyFile_LeavesTheKeysAsTheyWere_AndIsReported()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Auditor);
        await File.WriteAllTextAsync(Path.Combine(server.Home.SystemPath, "keys.json"), "{ not json", Cancel);

        await Eventually.HoldsAsync("the damage is reported", async () =>
            (await client.GetJsonAsync("/health/ready")).GetProperty("warnings").EnumerateArray().Any(text => text.GetString()!.Contains("damaged", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.OK, await client.StatusOfAsync("/api/audit/recent"));
        Assert.Single(server.Log, line => line.Contains("damaged", StringComparison.Ordinal));
        var anonymous = (await server.Client().GetJsonAsync("/health/ready")).GetProperty("warnings").EnumerateArray().Single().GetString();
        Assert.DoesNotContain("keys.json", anonymous, StringComparison.Ordinal);
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient client)
    {
        try
        {
            return await client.StatusOfAsync("/api/audit/recent") == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Cut: the key was revoked while the answer was on its way.
            return false;
        }
    }
}
