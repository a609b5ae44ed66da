using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hosting;

/// <summary>Errors are problem details, whatever the client accepts.</summary>
public sealed class ProblemTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/audit/nothing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/audit/recent", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/audit/records", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/audit/recent", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/api/audit/records", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/throws", HttpStatusCode.InternalServerError)]
    public async Task Error_IsAProblem(string method, string path, HttpStatusCode status)
    {
        await using var server = await StartThrowingAsync();
        foreach (var accept in new[] { "*/*", "application/x-ndjson", "text/html" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            if (method == "POST")
                request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
            using var response = await server.Client().SendAsync(request, Cancel);

            Assert.NotEmpty((await response.ProblemAsync(status))!);
        }
    }

    [Fact]
    public async Task UnhandledException_ShowsNothingOfItself_AndIsFoundInTheLog()
    {
        await using var server = await StartThrowingAsync();

        using var response = await server.Client().GetAsync("/throws", Cancel);

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("s3cret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperationException", body, StringComparison.Ordinal);
        Assert.Contains("s3cret", string.Join('\n', server.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyWhereNoneIsExpected_IsBounded()
    {
        await using var server = await StartThrowingAsync();

        using var response = await server.Client().PostAsync("/reads", new ByteArrayContent(new byte[100_000]), Cancel);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("/api/audit/recent?limit=many", "'limit' cannot be 'many'. /openapi/v1.json says what it takes.")]
    [InlineData("/api/audit/recent?users=ann", "There is no parameter 'users' here. /openapi/v1.json says which there are.")]
    [InlineData("/api/audit/recent?callId=c1", "There is no parameter 'callId' here. /openapi/v1.json says which there are.")]
    [InlineData("/api/audit/day?user=ann", "'date' is missing. /openapi/v1.json says what it takes.")]
    [InlineData("/api/audit/day?user=ann&date=today", "'date' is a date like 2026-11-23.")]
    public async Task ParameterThatCannotBe_IsToldInWords(string path, string detail)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await (await server.ClientAsync(Role.Auditor)).GetAsync(path, Cancel);

        Assert.Equal(detail, await response.ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task MethodNotAllowed_NamesTheMethods()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await (await server.ClientAsync(Role.Admin)).DeleteAsync("/api/audit/records", Cancel);

        Assert.Contains("POST", await response.ProblemAsync(HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    private static Task<TestServer> StartThrowingAsync() => TestServer.StartAsync(endpoints: app =>
    {
        app.MapGet("/throws", string () => throw new InvalidOperationException("s3cret of alice"));
        app.MapPost("/reads", async (Microsoft.AspNetCore.Http.HttpRequest request) => await request.Body.CopyToAsync(Stream.Null));
    });
}
