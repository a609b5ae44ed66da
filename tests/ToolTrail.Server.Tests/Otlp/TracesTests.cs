using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Otlp.Wire;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Otlp;

/// <summary>What becomes of spans, whoever sends them.</summary>
[Capture("OpenTelemetry")]
public sealed class TracesTests
{
    private const string Trace = "5b8efff798038103d269b633813fc60c";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Ending("ok")]
    public async Task AToolsSpan_IsARecordWithAllThatItSays()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span("eee19b7ec3c1b174", """
            {"key":"gen_ai.tool.name","value":{"stringValue":"get_weather"}},
            {"key":"gen_ai.tool.call.id","value":{"stringValue":"call_7"}},
            {"key":"gen_ai.tool.call.arguments","value":{"stringValue":"{\"city\":\"Oslo\",\"token\":\"x\"}"}},
            {"key":"gen_ai.tool.call.result","value":{"stringValue":"rain"}},
            {"key":"gen_ai.conversation.id","value":{"stringValue":"conv-1"}},
            {"key":"gen_ai.agent.name","value":{"stringValue":"forecaster"}},
            {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
            {"key":"gen_ai.request.model","value":{"stringValue":"gpt-5"}}
            """));
        Assert.Equal("{ }", answer);

        var record = Assert.Single(await server.RecordsAsync("alice"));
        Assert.Equal(("get_weather", ToolCallStatus.Ok, "rain", "otlp", 1500d), (record.Tool, record.Status, record.ResultSnippet, record.Source, record.DurationMs));
        Assert.Equal("""{"city":"Oslo","token":"[redacted]"}""", Encoding.UTF8.GetString(record.Arguments.Span));
        Assert.Equal(("call_7", "conv-1", "forecaster", "openai", "gpt-5"), (record.CallId, record.Session, record.Agent, record.Engine, record.Model));
        Assert.Equal((Trace, "eee19b7ec3c1b174"), (record.TraceId, record.SpanId));
    }

    [Theory]
    [InlineData("ValueError", "error", "ValueError")]
    [InlineData("asyncio.TimeoutError", "timeout", null)]
    [InlineData("asyncio.CancelledError", "cancelled", null)]
    [InlineData(null, "error", "_OTHER")]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    [Ending("cancelled")]
    [Ending("timed out")]
    [Ending("unknown tool")]
    public async Task TheErrorsType_SaysHowItEnded(string? type, string status, string? recorded)
    {
        await using var server = await TestServer.StartAsync();
        var attributes = type is null ? "" : $$$""",{"key":"error.type","value":{"stringValue":"{{{type}}}"}}""";
        await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span(
            "eee19b7ec3c1b174", Tool("t") + attributes, ",\"status\":{\"code\":2,\"message\":\"it broke\"}"));
        var record = Assert.Single(await server.RecordsAsync("alice"));
        Assert.Equal((status, recorded), (record.Status.Value, record.Error?.Type));
        Assert.Equal("it broke", record.Error?.Message ?? record.Reason);
    }

    [Fact]
    public async Task TheUser_IsTheKeys_ElseTheSpans_ElseTheResources_ElseTheSpanIsRejected()
    {
        await using var server = await TestServer.StartAsync();
        var any = await server.ClientAsync(Role.Producer, "*");
        Assert.Equal("{ }", await PostJsonAsync(any, Span("0000000000000001", Tool("a") + Attribute("user.id", "alice"))));
        Assert.Equal("{ }", await PostJsonAsync(any, Span("0000000000000002", Tool("b"), resource: Attribute("enduser.id", "bob").TrimStart(','))));
        Assert.Equal("{ }", await PostJsonAsync(await server.ClientAsync(Role.Producer, "carol"), Span("0000000000000003", Tool("c") + Attribute("user.id", "alice"))));
        var rejected = JsonDocument.Parse(await PostJsonAsync(any, Span("0000000000000004", Tool("d")))).RootElement.GetProperty("partialSuccess");
        Assert.Equal("1", rejected.GetProperty("rejectedSpans").GetString());
        Assert.Contains("user.id", rejected.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);

        Assert.Equal("a", Assert.Single(await server.RecordsAsync("alice")).Tool);
        Assert.Equal("b", Assert.Single(await server.RecordsAsync("bob")).Tool);
        Assert.Equal("c", Assert.Single(await server.RecordsAsync("carol")).Tool);
    }

    [Fact]
    public async Task AKeyOfOthers_IsRejectedAndLogged()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice", "bob"), Span("0000000000000001", Tool("a") + Attribute("user.id", "carol")));
        Assert.Contains("may not write for the user 'carol'", answer, StringComparison.Ordinal);
        Assert.Empty(await server.RecordsAsync("carol"));
        Assert.Contains(server.Log, line => line.StartsWith("Warning:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASpanSentAgain_IsStoredOnce_AndOtherSpansAreNotKept()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        for (var i = 0; i < 3; i++)
            Assert.Equal("{ }", await PostJsonAsync(client, Span("0000000000000001", Tool("a"))));
        await PostJsonAsync(client, Span("0000000000000002", """{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}""", name: "chat gpt-5"));
        Assert.Single(await server.RecordsAsync("alice"));
    }

    [Fact]
    public async Task StructuredArguments_AreJson()
    {
        await using var server = await TestServer.StartAsync();
        await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span("0000000000000001", Tool("a") + """
            ,{"key":"gen_ai.tool.call.arguments","value":{"kvlistValue":{"values":[
              {"key":"n","value":{"intValue":"7"}},{"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":0.5}]}}}]}}}
            """));
        Assert.Equal("""{"n":7,"list":[true,0.5]}""", Encoding.UTF8.GetString(Assert.Single(await server.RecordsAsync("alice")).Arguments.Span));
    }

    [Fact]
    public async Task Protobuf_Compressed_IsTakenToo()
    {
        await using var server = await TestServer.StartAsync();
        var request = new ExportTraceServiceRequest
        {
            ResourceSpans =
            {
                new ResourceSpans
                {
                    ScopeSpans =
                    {
                        new ScopeSpans
                        {
                            Spans = { new Span { Name = "execute_tool zip", TraceId = Bytes(16), SpanId = Bytes(8), StartTimeUnixNano = Now(), EndTimeUnixNano = Now() } },
                        },
                    },
                },
            },
        };
        using var response = await PostAsync(await server.ClientAsync(Role.Producer, "alice"), Compress(Google.Protobuf.MessageExtensions.ToByteArray(request)), "application/x-protobuf", "gzip");
        Assert.Equal((HttpStatusCode.OK, "application/x-protobuf"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("zip", Assert.Single(await server.RecordsAsync("alice")).Tool);
    }

    [Theory]
    [InlineData("application/json", "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"no hex\"}]}]}]}", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "[1", HttpStatusCode.BadRequest)]
    [InlineData("application/x-protobuf", "{}", HttpStatusCode.BadRequest)]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType)]
    public async Task ABodyThatIsNone_IsAProblem(string contentType, string body, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await PostAsync(await server.ClientAsync(Role.Producer, "alice"), Encoding.UTF8.GetBytes(body), contentType);
        await response.ProblemAsync(status);
    }

    [Fact]
    public async Task ABodyThatGrowsWithoutBound_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await PostAsync(await server.ClientAsync(Role.Producer, "alice"), Compress(new byte[65 * 1024 * 1024]), "application/json", "gzip");
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    private static Google.Protobuf.ByteString Bytes(int count) => Google.Protobuf.ByteString.CopyFrom([.. Enumerable.Range(1, count).Select(i => (byte)i)]);

    private static ulong Now() => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private static string Tool(string name) => $$$"""{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}}{{{Attribute("gen_ai.tool.name", name)}}}""";

    private static string Attribute(string key, string value) => $$$""",{"key":"{{{key}}}","value":{"stringValue":"{{{value}}}"}}""";

    private static string Span(string id, string attributes, string more = "", string resource = "", string name = "execute_tool x") => $$$"""
        {"resourceSpans":[{"resource":{"attributes":[{{{resource}}}]},"scopeSpans":[{"scope":{"name":"test"},"spans":[{
          "traceId":"{{{Trace}}}","spanId":"{{{id}}}","name":"{{{name}}}","kind":1,
          "startTimeUnixNano":"{{{Now() - 1_500_000_000}}}","endTimeUnixNano":"{{{Now()}}}",
          "attributes":[{{{attributes}}}]{{{more}}}}]}]}]}
        """;

    private static async Task<string> PostJsonAsync(HttpClient client, string body)
    {
        using var response = await PostAsync(client, Encoding.UTF8.GetBytes(body), "application/json");
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        return answer;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] body, string contentType, string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return client.PostAsync("/v1/traces", content, Cancel);
    }
}
