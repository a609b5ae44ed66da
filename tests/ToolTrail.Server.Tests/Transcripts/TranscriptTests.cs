using System.Text;
using System.Text.RegularExpressions;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Transcripts;

/// <summary>What goes over the wire, approved.</summary>
public sealed partial class TranscriptTests
{
    private readonly StringBuilder _transcript = new();

    [Fact]
    public async Task Producer_SendsRecords_AndAnAuditorReadsThem()
    {
        await using var server = await TestServer.StartAsync();
        var producer = await server.ClientAsync(Role.Producer, "alice");
        var auditor = await server.ClientAsync(Role.Auditor);

        await SayAsync(producer, HttpMethod.Post, "/api/audit/records", body: string.Join('\n',
            """{"user":"alice","tool":"read_file","args":{"path":"notes.md"},"status":"ok","result":"# Notes","duration_ms":12}""",
            """{"user":"alice","tool":"shell","args":{"command":"rm -rf /"},"status":"denied","reason":"no-shell"}""",
            """{"user":"bob","tool":"read_file","status":"ok"}""",
            """{"user":"alice","tool":"read_file"}"""));
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/recent?user=alice&limit=1");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/stats?user=alice&days=1");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/files?user=alice");
        await SayAsync(auditor, HttpMethod.Get, $"/api/audit/day?user=alice&date={TimeProvider.System.GetUtcNow():yyyy-MM-dd}", accept: "application/x-ndjson");

        Approved.Verify("producer-and-auditor", _transcript.ToString());
    }

    [Fact]
    public async Task Requests_ThatAreTurnedAway()
    {
        await using var server = await TestServer.StartAsync();
        var user = await server.ClientAsync(Role.User, "alice");
        var auditor = await server.ClientAsync(Role.Auditor);

        await SayAsync(server.Client(), HttpMethod.Get, "/api/audit/recent");
        await SayAsync(server.Client("tt_0123456789ab_wrong"), HttpMethod.Get, "/api/audit/recent");
        await SayAsync(user, HttpMethod.Get, "/api/audit/recent?user=bob");
        await SayAsync(user, HttpMethod.Post, "/api/audit/records", body: "{}");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/files");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/recent?limit=many");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/day?user=alice&date=2026-01-01", accept: "text/csv");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/proof?user=alice&day=2026-01-01&line=0");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/verify?from=2026-01-02&to=2026-01-01");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/seals/tile/..%2f..%2fsigning.key");
        await SayAsync(user, HttpMethod.Get, "/api/audit/seals/checkpoint");
        await SayAsync(auditor, HttpMethod.Get, "/api/audit/nothing");
        await SayAsync(auditor, HttpMethod.Delete, "/api/audit/recent");

        Approved.Verify("turned-away", _transcript.ToString());
    }

    private async Task SayAsync(HttpClient client, HttpMethod method, string path, string? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        _transcript.Append($"> {method} {path}\n");
        if (accept is not null)
            _transcript.Append($"> Accept: {accept}\n");
        foreach (var line in body?.Split('\n') ?? [])
            _transcript.Append($">   {line}\n");
        _transcript.Append($"< {(int)response.StatusCode} {response.ReasonPhrase}\n");
        foreach (var header in response.Content.Headers.Concat(response.Headers).Where(header => header.Key is not ("Date" or "Content-Length" or "Transfer-Encoding")))
            _transcript.Append($"< {header.Key}: {string.Join(", ", header.Value)}\n");
        foreach (var line in (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _transcript.Append($"<   {line}\n");
        _transcript.Append('\n');
        Settle();
    }

    // What differs from run to run.
    private void Settle()
    {
        var text = CursorPattern().Replace(_transcript.ToString(), "\"next\":\"CURSOR\"");
        text = DatePattern().Replace(IdPattern().Replace(TimePattern().Replace(text, "TIME"), "ID"), "TODAY");
        _transcript.Clear().Append(text);
    }

    [GeneratedRegex("\"next\":\"[^\"]+\"")]
    private static partial Regex CursorPattern();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+Z")]
    private static partial Regex TimePattern();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"(?<=""(?:date|from|to)"":"")\d{4}-\d\d-\d\d|(?<=user=alice&date=)\d{4}-\d\d-\d\d")]
    private static partial Regex DatePattern();
}
