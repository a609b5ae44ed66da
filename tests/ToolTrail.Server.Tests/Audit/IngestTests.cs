using System.Text;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Audit;

[Capture("HTTP ingest")]
public sealed class IngestTests
{
    private const string Good = """{"user":"alice","tool":"t","status":"ok","result":"done"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", Good, 1)]
    [InlineData("application/json", $"[{Good},{Good},{Good}]", 3)]
    [InlineData("application/json", $" [\n {Good}\n,\n{Good} ]\n", 2)]
    [InlineData("application/json", "[]", 0)]
    [InlineData("application/x-ndjson", Good, 1)]
    [InlineData("application/x-ndjson", $"{Good}\n{Good}\n", 2)]
    [InlineData("application/x-ndjson", "", 0)]
    public async Task Records_InEachForm_AreStored(string mediaType, string body, int stored)
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");

        using var response = await client.PostRecordsAsync(body, mediaType);

        Assert.Equal($$"""{"stored":{{stored}},"refused":[]}""", await response.Content.ReadAsStringAsync(Cancel));
        var records = await server.RecordsAsync("alice");
        Assert.Equal(stored, records.Count);
        Assert.All(records, record => Assert.Equal(("t", "done", "http"), (record.Tool, record.ResultSnippet, record.Source)));
    }

    [Theory]
    [InlineData("ok", "")]
    [InlineData("error", ",\"error\":{\"type\":\"ValueError\",\"message\":\"no\"}")]
    [InlineData("denied", ",\"reason\":\"rejected by a person\"")]
    [InlineData("cancelled", "")]
    [InlineData("timeout", "")]
    [InlineData("started", "")]
    [Ending("ok")]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    [Ending("denied by policy")]
    [Ending("rejected by a person")]
    [Ending("unknown tool")]
    [Ending("cancelled")]
    [Ending("timed out")]
    [Ending("crashed in between")]
    public async Task EachWayInWhichACallEnds_IsStoredAsTheClientSaysIt(string status, string more)
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        using var response = await client.PostRecordsAsync($$"""{"user":"alice","tool":"t","status":"{{status}}"{{more}}}""");
        Assert.Equal("""{"stored":1,"refused":[]}""", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(status, Assert.Single(await server.RecordsAsync("alice")).Status.Value);
    }

    [Fact]
    public async Task Records_AreInTheFile_WhenTheAnswerComes()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");

        using var response = await client.PostRecordsAsync(Good);

        Assert.Equal(1, (await response.JsonAsync()).GetProperty("stored").GetInt64());
        var file = Assert.Single(Directory.GetFiles(server.Home.AuditPath(server.Home.UserFolder("alice")), "*.jsonl"));
        Assert.Single(await File.ReadAllLinesAsync(file, Cancel));
    }

    [Fact]
    public async Task BadLines_AreRefusedWithTheirNumbers_AndTheRestIsStored()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "*");
        var body = string.Join('\n', Good, "{ not json", """{"tool":"t","status":"ok"}""", Good, """{"user":"tooltrail","tool":"t","status":"ok"}""",
            """{"user":"alice","tool":"tooltrail.gap","status":"lost"}""", """{"user":"alice","tool":"t","status":"ok","ts":"2999-01-01T00:00:00Z"}""", Good);

        using var response = await client.PostRecordsAsync(body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.Equal(3, answer.GetProperty("stored").GetInt64());
        Assert.Equal([2, 3, 5, 6, 7], answer.GetProperty("refused").EnumerateArray().Select(refusal => refusal.GetProperty("line").GetInt32()));
        Assert.All(answer.GetProperty("refused").EnumerateArray(), refusal => Assert.NotEmpty(refusal.GetProperty("error").GetString()!));
        Assert.Equal(3, (await server.RecordsAsync("alice")).Count);
    }

    [Fact]
    public async Task Records_OfUsersThatTheKeyDoesNotName_AreRefusedAndLogged()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice", "carol");
        const string Foreign = """{"user":"bob","tool":"t","status":"ok"}""";

        using var mixed = await client.PostRecordsAsync($"{Good}\n{Foreign}\n{Good.Replace("alice", "carol", StringComparison.Ordinal)}");
        using var foreign = await client.PostRecordsAsync(Foreign);

        var answer = await mixed.JsonAsync();
        Assert.Equal(2, answer.GetProperty("stored").GetInt64());
        Assert.Equal(2, Assert.Single(answer.GetProperty("refused").EnumerateArray()).GetProperty("line").GetInt32());
        await foreign.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Empty(await server.RecordsAsync("bob"));
        Assert.Equal(2, server.Log.Count(line => line.StartsWith("Warning: Refused 1 records from key", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SameId_SentAgain_IsAcknowledged_AndStoresNothing()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        var record = Good.Insert(1, """  "id":"019ab4c0-0000-7000-8000-000000000001",""");

        using var first = await client.PostRecordsAsync(record);
        using var second = await client.PostRecordsAsync($"{record}\n{record}");

        Assert.Equal(1, (await first.JsonAsync()).GetProperty("stored").GetInt64());
        Assert.Equal(2, (await second.JsonAsync()).GetProperty("stored").GetInt64());
        Assert.Single(await server.RecordsAsync("alice"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task OtherMediaType_IsUnsupported(string mediaType)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await (await server.ClientAsync(Role.Producer, "alice")).PostRecordsAsync(Good, mediaType);

        Assert.Contains("application/x-ndjson", await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
        Assert.Empty(await server.RecordsAsync("alice"));
    }

    [Fact]
    public async Task EncodedBody_IsUnsupported()
    {
        await using var server = await TestServer.StartAsync();
        var content = new StringContent(Good, Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await (await server.ClientAsync(Role.Producer, "alice")).PostAsync("/api/audit/records", content, Cancel);

        Assert.Contains("Content-Encoding", await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_ThatCreeps_IsCut_AndWhatCameBeforeIsStored()
    {
        await using var server = await TestServer.StartAsync();
        using var upload = new OpenUpload(server.Address, await server.KeyAsync(Role.Producer, "alice"));

        await upload.SendAsync(Good + "\n{");
        var answer = await upload.EndAsync();

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Single(await server.RecordsAsync("alice"));
    }

    [Fact]
    public async Task RefusedList_IsBounded_AndSaysHowManyItLeavesOut()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");

        using var response = await client.PostRecordsAsync(string.Concat(Enumerable.Repeat("bad\n", 1_500)) + Good);

        var answer = await response.JsonAsync();
        Assert.Equal((1, 1_000, 500),
            (answer.GetProperty("stored").GetInt32(), answer.GetProperty("refused").GetArrayLength(), answer.GetProperty("refused_not_listed").GetInt32()));
    }

    [Fact]
    public async Task Writing_ThatFails_IsUnavailable_AndSaysWhatWasStored()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "*");
        // A file where the user's folder would be.
        await File.WriteAllTextAsync(Path.Combine(server.Home.Path, server.Home.UserFolder("bob")), "", Cancel);

        using var response = await client.PostRecordsAsync($"{Good}\n{Good.Replace("alice", "bob", StringComparison.Ordinal)}");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        var problem = await response.JsonAsync();
        Assert.Equal(1, problem.GetProperty("stored").GetInt64());
        Assert.Equal(2, Assert.Single(problem.GetProperty("refused").EnumerateArray()).GetProperty("line").GetInt32());
        Assert.DoesNotContain(server.Home.Path, await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_AreRedacted_OnTheirWayIn()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");

        using var response = await client.PostRecordsAsync("""{"user":"alice","tool":"t","status":"ok","args":{"password":"hunter2"},"result":"ok"}""");

        Assert.Equal("""{"password":"[redacted]"}""", Encoding.UTF8.GetString(Assert.Single(await server.RecordsAsync("alice")).Arguments.Span));
    }

    [Fact]
    public async Task Started_AndItsOutcome_AreBothStored()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        const string Id = """ "id":"019ab4c0-0000-7000-8000-000000000002",""";

        using var response = await client.PostRecordsAsync($"{Good.Replace("\"ok\"", "\"started\"", StringComparison.Ordinal).Insert(1, Id)}\n{Good.Insert(1, Id)}");

        Assert.Equal([ToolCallStatus.Started, ToolCallStatus.Ok], (await server.RecordsAsync("alice")).Select(record => record.Status));
    }
}
