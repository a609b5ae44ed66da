using System.Text.Json;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Audit;

public sealed class DayTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly string Today = $"{Now:yyyy-MM-dd}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("text/html, */*;q=0.1", "application/json")]
    [InlineData("application/json; charset=utf-8", "application/json")]
    [InlineData("application/x-ndjson", "application/x-ndjson")]
    [InlineData("application/json;q=0.5, application/x-ndjson", "application/x-ndjson")]
    [InlineData("application/json;q=0, */*", "application/x-ndjson")]
    public async Task Day_ComesInTheForm_ThatIsAcceptedMost(string accept, string mediaType)
    {
        await using var server = await TestServer.StartAsync();
        var lines = new[] { Line("one"), Line("two"), Line("three") };
        server.WriteDayFile("alice", lines);
        using var response = await GetAsync(server, accept, Today);

        var body = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        if (mediaType == "application/json")
            Assert.Equal(lines, JsonSerializer.Deserialize<JsonElement>(body).EnumerateArray().Select(record => record.GetRawText()));
        else
            Assert.Equal(string.Concat(lines.Select(line => line + "\n")), body);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml, text/*")]
    [InlineData("application/json;q=0")]
    public async Task Day_InAFormThatThereIsNot_IsNotAcceptable(string accept)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await GetAsync(server, accept, Today);

        Assert.Contains("application/x-ndjson", await response.ProblemAsync(HttpStatusCode.NotAcceptable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "[]")]
    [InlineData("application/x-ndjson", "")]
    public async Task Day_ThatThereIsNot_IsEmpty(string accept, string body)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await GetAsync(server, accept, "2001-01-01");

        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("23.11.2026")]
    [InlineData("")]
    public async Task WrongDate_IsNamed(string date)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await GetAsync(server, "", date);

        Assert.Contains("date", await response.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Day_LargerThanAnyBuffer_ComesWhole()
    {
        await using var server = await TestServer.StartAsync();
        server.WriteDayFile("alice", Enumerable.Range(0, 50_000).Select(i => Line($"t{i}")));
        using var response = await GetAsync(server, "application/x-ndjson", Today);

        var lines = (await response.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(50_000, lines.Length);
        Assert.Equal(Line("t49999"), lines[^1]);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string accept, string date)
    {
        var client = await server.ClientAsync(Role.Auditor);
        if (accept.Length > 0)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        return await client.GetAsync($"/api/audit/day?user=alice&date={date}", HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static string Line(string tool) => DayFiles.Line(Now, "alice", tool);
}
