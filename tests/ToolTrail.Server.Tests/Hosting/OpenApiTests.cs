using System.Text.Json;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hosting;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_DescribesEveryOperation_WithParametersAnswersAndSecurity()
    {
        await using var server = await TestServer.StartAsync();

        var document = await server.Client().GetJsonAsync("/openapi/v1.json");

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "GET /api/audit/day", "GET /api/audit/files", "GET /api/audit/proof", "GET /api/audit/recent", "GET /api/audit/seals/checkpoint", "GET /api/audit/seals/keys",
                "GET /api/audit/seals/tile/{name}", "GET /api/audit/stats", "GET /api/audit/verify", "GET /health/live", "GET /health/ready", "POST /api/audit/records",
                "POST /api/hooks/{host}", "POST /v1/traces",
            ],
            Operations(document).Select(operation => operation.Name).Order(StringComparer.Ordinal));
        foreach (var (name, operation) in Operations(document))
        {
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.True(operation.GetProperty("responses").TryGetProperty("200", out _));
            if (name.Contains("/health/", StringComparison.Ordinal))
                continue;
            var problem = name.Contains("/v1/", StringComparison.Ordinal) ? "application/x-protobuf" : "application/problem+json";
            Assert.Equal(2, operation.GetProperty("security").GetArrayLength());
            foreach (var status in new[] { "401", "403", "429" })
                Assert.True(operation.GetProperty("responses").GetProperty(status).GetProperty("content").TryGetProperty(problem, out _), $"{name}: {status}");
            foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
                Assert.NotEmpty(parameter.GetProperty("description").GetString()!);
        }
    }

    [Fact]
    public async Task Document_NamesTheWaysToSignIn_TheMediaTypes_AndTheRecord()
    {
        await using var server = await TestServer.StartAsync();

        var document = await server.Client().GetJsonAsync("/openapi/v1.json");

        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.Equal("X-Api-Key", schemes.GetProperty("key").GetProperty("name").GetString());
        var operations = Operations(document).ToDictionary(operation => operation.Name, operation => operation.Operation);
        Assert.Equal(["application/json", "application/x-ndjson"], Names(operations["POST /api/audit/records"].GetProperty("requestBody").GetProperty("content")));
        Assert.Equal(["application/json", "application/x-ndjson"], Names(operations["GET /api/audit/day"].GetProperty("responses").GetProperty("200").GetProperty("content")));
        Assert.Equal(["user", "tool", "status", "agent", "source", "session", "call_id", "cursor", "limit", "days", "calls"],
            operations["GET /api/audit/recent"].GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        foreach (var (name, mediaType) in new[] { ("proof", "text/plain"), ("seals/checkpoint", "text/plain"), ("seals/keys", "text/plain"), ("seals/tile/{name}", "application/octet-stream") })
            Assert.Equal([mediaType], Names(operations[$"GET /api/audit/{name}"].GetProperty("responses").GetProperty("200").GetProperty("content")));
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Contains("result_snippet", Names(schemas.GetProperty("StoredRecord").GetProperty("properties")));
        Assert.Equal(["intact", "installation", "seal_log", "parts"], Names(schemas.GetProperty("TrailVerdict").GetProperty("properties")));
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
