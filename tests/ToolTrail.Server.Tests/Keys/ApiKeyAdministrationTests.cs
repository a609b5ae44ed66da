using System.Text.Json;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Keys;

public sealed class ApiKeyAdministrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_IsKeptHashed_InAFileOfItsOwnersAlone()
    {
        await using var server = await TestServer.StartAsync();
        var created = await server.Keys.AddAsync(new ApiKeyRequest { Role = Role.User, Users = ["alice"], Name = "agent" }, "test", Cancel);
        var path = Path.Combine(server.Home.SystemPath, "keys.json");

        var text = await File.ReadAllTextAsync(path, Cancel);

        Assert.DoesNotContain(created.Text, text, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Text.Split('_', 3)[2], text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var kept = Assert.Single(ApiKeyAdministration.List(server.Home));
        Assert.Equal(("agent", Role.User, "alice", "test"), (kept.Name, kept.Role, kept.Users.Single(), kept.CreatedBy));
    }

    [Fact]
    public async Task Keys_AreNeverTheSame_AndHave256RandomBits()
    {
        await using var server = await TestServer.StartAsync();
        var keys = new List<string>();
        for (var i = 0; i < 20; i++)
            keys.Add(await server.KeyAsync(Role.Auditor));

        Assert.Equal(20, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^tt_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$", key));
    }

    [Fact]
    public async Task Changes_StandInTheTrail_ByWhom()
    {
        await using var server = await TestServer.StartAsync();
        var created = await server.Keys.AddAsync(new ApiKeyRequest { Role = Role.Producer, Users = ["*"], Name = "ci" }, "alice", Cancel);
        await server.Keys.RevokeAsync("ci", "bob", Cancel);
        await server.Keys.RevokeAsync(created.Key.Id, "carol", Cancel);

        var lines = (await server.RecordsAsync(OwnLines.User)).Where(record => record.Tool == OwnLines.Administration)
            .Select(record => JsonSerializer.Deserialize<JsonElement>(record.Arguments.Span)).ToList();

        Assert.Equal(["alice: key added", "bob: key revoked"], lines.Select(args => $"{args.GetProperty("by")}: {args.GetProperty("change")}"));
        Assert.All(lines, args => Assert.Equal((created.Key.Id, "ci", "producer"),
            (args.GetProperty("id").GetString(), args.GetProperty("name").GetString(), args.GetProperty("role").GetString())));
    }

    [Fact]
    public async Task Changes_ByManyAtOnce_LoseNoKey()
    {
        await using var server = await TestServer.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => server.Keys.AddAsync(new ApiKeyRequest { Role = Role.Auditor }, "test", Cancel))));

        Assert.Equal(20, ApiKeyAdministration.List(server.Home).DistinctBy(key => key.Id).Count());
    }

    [Fact]
    public async Task FirstKey_IsMadeOnce()
    {
        await using var server = await TestServer.StartAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => server.Keys.AddFirstAsync("first start", Cancel))));

        var key = Assert.Single(made, key => key is not null)!;
        Assert.Equal(Role.Admin, key.Key.Role);
        Assert.Null(await server.Keys.AddFirstAsync("again", Cancel));
    }

    public static TheoryData<Role, string[], string> WrongRequests => new()
    {
        { Role.User, [], "name at least one" },
        { Role.Producer, [], "name at least one" },
        { Role.Admin, ["alice"], "name none" },
        { Role.Auditor, ["alice"], "name none" },
        { Role.User, ["*"], "role auditor" },
        { Role.Producer, ["*", "alice"], "alone" },
        { Role.User, ["tooltrail"], "reserved" },
    };

    [Theory]
    [MemberData(nameof(WrongRequests))]
    public async Task WrongRequest_IsRefused_AndSaysWhatWouldBeRight(Role role, string[] users, string says)
    {
        await using var server = await TestServer.StartAsync();

        var exception = await Assert.ThrowsAsync<ApiKeyException>(() => server.Keys.AddAsync(new ApiKeyRequest { Role = role, Users = users }, "test", Cancel));

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
        Assert.Empty(ApiKeyAdministration.List(server.Home));
    }

    [Fact]
    public async Task Revoke_OfANameThatTwoHave_AsksForTheId()
    {
        await using var server = await TestServer.StartAsync();
        var request = new ApiKeyRequest { Role = Role.Auditor, Name = "ci" };
        var one = await server.Keys.AddAsync(request, "test", Cancel);
        var two = await server.Keys.AddAsync(request, "test", Cancel);

        var exception = await Assert.ThrowsAsync<ApiKeyException>(() => server.Keys.RevokeAsync("ci", "test", Cancel));
        await server.Keys.RevokeAsync(one.Key.Id, "test", Cancel);
        await server.Keys.RevokeAsync("ci", "test", Cancel);

        Assert.Contains(two.Key.Id, exception.Message, StringComparison.Ordinal);
        Assert.All(ApiKeyAdministration.List(server.Home), key => Assert.NotNull(key.Revoked));
        await Assert.ThrowsAsync<ApiKeyException>(() => server.Keys.RevokeAsync("nobody", "test", Cancel));
    }
}
