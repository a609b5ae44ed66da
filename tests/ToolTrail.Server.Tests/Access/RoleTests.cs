using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Access;

public sealed class RoleTests
{
    private static readonly string[] Reads =
    [
        "/api/audit/recent?user=alice", "/api/audit/stats?user=alice", "/api/audit/files?user=alice", "/api/audit/day?user=alice&date=2026-11-23",
    ];

    public static TheoryData<Role, HttpStatusCode, HttpStatusCode> Matrix => new()
    {
        { Role.Admin, HttpStatusCode.OK, HttpStatusCode.OK },
        { Role.Auditor, HttpStatusCode.OK, HttpStatusCode.Forbidden },
        { Role.User, HttpStatusCode.OK, HttpStatusCode.Forbidden },
        { Role.Producer, HttpStatusCode.Forbidden, HttpStatusCode.OK },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Role_MayRead_AndMayWrite_AsTheDesignSays(Role role, HttpStatusCode read, HttpStatusCode write)
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(role, role is Role.User or Role.Producer ? ["alice"] : []);

        foreach (var path in Reads)
            Assert.Equal(read, await client.StatusOfAsync(path));
        using var posted = await client.PostRecordsAsync("""{"user":"alice","tool":"t","status":"ok"}""");
        Assert.Equal(write, posted.StatusCode);
    }

    [Fact]
    public async Task WrongRole_IsToldAndLogged_AndGetsNoData()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "secret_tool");
        var client = await server.ClientAsync(Role.Producer, "*");

        using var response = await client.GetAsync("/api/audit/recent", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.DoesNotContain("secret_tool", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(server.Log, line => line.StartsWith("Warning: Refused GET /api/audit/recent to key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryEndpoint_ButHealthAndDescription_NeedsARole()
    {
        await using var server = await TestServer.StartAsync();
        var endpoints = server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.True(endpoints.Count >= 8);
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.RoutePattern.RawText is not ("/health/live" or "/health/ready" or "/openapi/{documentName}.json")))
            Assert.True(endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Count > 0, $"{endpoint.RoutePattern.RawText} needs no role.");
    }
}
