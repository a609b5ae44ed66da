using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Otlp;
using ToolTrail.Server.Tests.Otlp.Wire;
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
        Assert.Equal("{}", answer);

        var record = Assert.Single(await server.RecordsAsync("alice"));
        Assert.Equal(("get_weather", ToolCallStatus.Ok, "rain", "otlp", 1500d), (record.Tool, record.Status, record.ResultSnippet, record.Source, record.DurationMs));
        Assert.Equal("""{"city":"Oslo","token":"[redacted]"}""", Encoding.UTF8.GetString(record.Arguments.Span));
        Assert.Equal(("call_7", "conv-1", "forecaster", "openai", "gpt-5"), (record.CallId, record.Session, record.Agent, record.Engine, record.Model));
        Assert.Equal((Trace, "eee19b7ec3c1b174"), (record.TraceId, record.SpanId));
    }

    [Theory]
    [InlineData("ValueError", "error", null)]
    [InlineData("asyncio.TimeoutError", "timeout", "the span's error.type says timeout")]
    [InlineData("asyncio.CancelledError", "cancelled", "the span's error.type says cancelled")]
    [InlineData(null, "error", null)]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    [Ending("cancelled")]
    [Ending("timed out")]
    [Ending("unknown tool")]
    public async Task TheErrorsType_SaysHowItEnded(string? type, string status, string? reason)
    {
        await using var server = await TestServer.StartAsync();
        var attributes = type is null ? "" : $$$""",{"key":"error.type","value":{"stringValue":"{{{type}}}"}}""";
        await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span(
            "eee19b7ec3c1b174", Tool("t") + attributes, ",\"status\":{\"code\":2,\"message\":\"it broke\"}"));
        var record = Assert.Single(await server.RecordsAsync("alice"));
        // What the span says is never the reason, which is recorded at every level.
        Assert.Equal((status, reason, type ?? "_OTHER", "it broke"), (record.Status.Value, record.Reason, record.Error?.Type, record.Error?.Message));
    }

    [Fact]
    public async Task TheUser_IsTheKeys_ElseTheSpans_ElseTheResources_ElseTheSpanIsRejected()
    {
        await using var server = await TestServer.StartAsync();
        var any = await server.ClientAsync(Role.Producer, "*");
        Assert.Equal("{}", await PostJsonAsync(any, Span("0000000000000001", Tool("a") + Attribute("user.id", "alice"))));
        Assert.Equal("{}", await PostJsonAsync(any, Span("0000000000000002", Tool("b"), resource: Attribute("enduser.id", "bob").TrimStart(','))));
        Assert.Equal("{}", await PostJsonAsync(await server.ClientAsync(Role.Producer, "carol"), Span("0000000000000003", Tool("c") + Attribute("user.id", "alice"))));
        var rejected = JsonDocument.Parse(await PostJsonAsync(any, Span("0000000000000004", Tool("d")))).RootElement.GetProperty("partialSuccess");
        Assert.Equal("1", rejected.GetProperty("rejectedSpans").GetString());
        Assert.Contains("user.id", rejected.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);

        Assert.Equal("a", Assert.Single(await server.RecordsAsync("alice")).Tool);
        Assert.Equal("b", Assert.Single(await server.RecordsAsync("bob")).Tool);
        Assert.Equal("c", Assert.Single(await server.RecordsAsync("carol")).Tool);
    }

    [Fact]
    public async Task WhatIsSaidOfACall_IsTheSpansAlone()
    {
        await using var server = await TestServer.StartAsync();
        var ofCall = Attribute("gen_ai.operation.name", "chat") + Attribute("gen_ai.tool.name", "other") + Attribute("gen_ai.tool.call.arguments", "[1]") + Attribute("gen_ai.tool.call.result", "x")
            + Attribute("gen_ai.tool.call.id", "1") + Attribute("error.type", "timeout");
        await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span("0000000000000001", "", name: "execute_tool t", resource: ofCall.TrimStart(',') + Attribute("service.name", "svc")));
        var record = Assert.Single(await server.RecordsAsync("alice"));
        Assert.Equal(("t", "ok", "svc", "{}", 0L, null), (record.Tool, record.Status.Value, record.Agent, Encoding.UTF8.GetString(record.Arguments.Span), record.ResultChars, record.CallId));
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
            Assert.Equal("{}", await PostJsonAsync(client, Span("0000000000000001", Tool("a"))));
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
        using var response = await PostAsync(await server.ClientAsync(Role.Producer, "alice"), Gzip.Compress(Google.Protobuf.MessageExtensions.ToByteArray(request)), "application/x-protobuf", "gzip");
        Assert.Equal((HttpStatusCode.OK, "application/x-protobuf"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("zip", Assert.Single(await server.RecordsAsync("alice")).Tool);
    }

    [Fact]
    public async Task ARefusedSpan_KeepsTheOthersFromNothing_AndAgainAddsNothing()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice", "bob");
        var alice = Attribute("user.id", "alice");
        var body = Export(
            Json("0000000000000001", Tool("first") + alice),
            Json("0000000000000002", Tool("nobody's")),
            Json("0000000000000003", Tool("others") + Attribute("user.id", "carol")),
            Json("0000000000000004", Tool("tooltrail.gap") + alice),
            Json("0000000000000005", Tool("future") + alice, end: $"\"{Now() + 3_600_000_000_000}\""),
            Json("0000000000000006", Tool("timeless") + alice, end: "1e999"),
            Json("no hex", Tool("nameless") + alice),
            Json("0000000000000007", Tool("last") + Attribute("user.id", "bob")));
        for (var i = 0; i < 2; i++)
        {
            var told = JsonDocument.Parse(await PostJsonAsync(client, body)).RootElement.GetProperty("partialSuccess");
            Assert.Equal("6", told.GetProperty("rejectedSpans").GetString());
            Assert.Equal(
                "6 of the execute_tool spans were rejected; the first: it names no user: send user.id with the span or its resource, or use a key of one user",
                told.GetProperty("errorMessage").GetString());
        }

        Assert.Equal("first", Assert.Single(await server.RecordsAsync("alice")).Tool);
        Assert.Equal("last", Assert.Single(await server.RecordsAsync("bob")).Tool);

        using var response = await PostAsync(client, new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { new Span { Name = "execute_tool x" } } } } } } });
        var protobuf = ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(1, protobuf.PartialSuccess.RejectedSpans);
        Assert.Contains("it names no user", protobuf.PartialSuccess.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("execute_tool ")]
    [InlineData("")]
    public async Task ASpanThatNamesNoTool_IsRejected(string name)
    {
        await using var server = await TestServer.StartAsync();
        var told = JsonDocument.Parse(await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span("0000000000000001", Tool(""), name: name)))
            .RootElement.GetProperty("partialSuccess");
        Assert.Equal("1", told.GetProperty("rejectedSpans").GetString());
        Assert.Contains("It names no tool", told.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Empty(await server.RecordsAsync("alice"));
    }

    [Theory]
    // Of two members of one name, of attributes of one name, of kinds of value.
    [InlineData("""{"stringValue":"a","stringValue":"b"}""", "a")]
    [InlineData("""{"boolValue":true,"boolValue":false,"unknown":{"x":[1]}}""", "true")]
    [InlineData("""{"intValue":7}""", "7")]
    [InlineData("""{"intValue":"-7"}""", "-7")]
    [InlineData("""{"intValue":1e999}""", "")]
    [InlineData("""{"doubleValue":1e999}""", "Infinity")]
    [InlineData("""{"doubleValue":"NaN"}""", "NaN")]
    [InlineData("""{"stringValue":"half \ud800 of it"}""", "half \uFFFD of it")]
    [InlineData("""{"arrayValue":{"values":[{"stringValue":"\ud800"},{"bytesValue":"AQI="},{"doubleValue":"0.5"},{}]}}""", "[\"\uFFFD\",\"AQI=\",0.5,null]")]
    [InlineData("""{"kvlistValue":{"values":[{"value":{"intValue":"1"},"key":"\udc00"},{"key":"b"}]}}""", "{\"\uFFFD\":1,\"b\":null}")]
    [InlineData("""{"kvlistValue":null}""", "")]
    public async Task AnAttributesJson_IsReadAsOtlpMapsIt(string value, string result)
    {
        await using var server = await TestServer.StartAsync();
        var attribute = $$$""",{"key":"gen_ai.tool.call.result","value":{{{value}}},"key":"gen_ai.tool.call.result"}""";
        Assert.Equal("{}", await PostJsonAsync(await server.ClientAsync(Role.Producer, "alice"), Span("0000000000000001", Tool("a") + attribute)));
        Assert.Equal(result, Assert.Single(await server.RecordsAsync("alice")).ResultSnippet ?? "");
    }

    [Fact]
    public async Task AnAttribute_HoweverDeep_IsRecordedAsFarAsRecordsGo()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        foreach (var depth in new[] { 16, 5_000 })
        {
            var deep = $$"""{{string.Concat(Enumerable.Repeat("""{"kvlistValue":{"values":[{"key":"k","value":""", depth))}}{"intValue":1}{{string.Concat(Enumerable.Repeat("}]}}", depth))}}""";
            var attributes = $$$""",{"key":"gen_ai.tool.call.arguments","value":{{{deep}}}},{"key":"somebody's","value":{{{deep}}}}""";
            Assert.Equal("{}", await PostJsonAsync(client, Span($"{depth:d16}", Tool($"deep{depth}") + attributes)));
            Assert.Equal($"deep{depth}", (await server.RecordsAsync("alice")).Single(record => record.Id == $"{Trace}-{depth:d16}").Tool);

            var value = new AnyValue { IntValue = 1 };
            for (var i = 0; i < 90; i++)
                value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };
            var span = new Span { Name = "execute_tool deep", TraceId = Bytes(16), SpanId = Bytes(8), Attributes = { new KeyValue { Key = "gen_ai.tool.call.arguments", Value = value } } };
            using var response = await PostAsync(client, new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { span } } } } } });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.StartsWith("""{"k":{"k":{"k":""", Encoding.UTF8.GetString((await server.RecordsAsync("alice")).First(record => record.Tool == "deep16").Arguments.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_NamesOfEnumerations_NumbersAsNumbers_AndWhatIsUnknown_AreRead()
    {
        await using var server = await TestServer.StartAsync();
        var now = Now();
        await PostJsonAsync(await server.ClientAsync(Role.Producer, "*"), $$$"""
            {"unknown":{"a":[1,{}]},"resourceSpans":[null,{"scopeSpans":[{"spans":[{
              "traceId":"{{{Trace.ToUpperInvariant()}}}","spanId":"00000000000000AB","kind":"SPAN_KIND_INTERNAL","name":"execute_tool x","attributes":[{{{Tool("x")}}}],
              "startTimeUnixNano":{{{now - 2_000_000}}},"endTimeUnixNano":{{{now}}},"status":{"code":"STATUS_CODE_ERROR","message":"it broke"},"links":[[]]}]}],
              "resource":{"attributes":[{"value":{"stringValue":"alice"},"key":"user.id"}]}}]}
            """);
        var record = Assert.Single(await server.RecordsAsync("alice"));
        Assert.Equal((ToolCallStatus.Error, "it broke", 2d, Trace, "00000000000000ab"), (record.Status, record.Error?.Message, record.DurationMs, record.TraceId, record.SpanId));
    }

    [Theory]
    [InlineData("application/json", "{\"resourceSpans\":5}", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in JSON: There is a Number where StartArray is expected.")]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in JSON: It is no object.")]
    [InlineData("application/json", "[1", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in JSON: ")]
    [InlineData("application/json", "{}{}", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in JSON: ")]
    [InlineData("application/json", "", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in JSON: ")]
    [InlineData("application/x-protobuf", "{}", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in Protobuf's encoding.")]
    [InlineData("application/x-protobuf", "\n\u007f", HttpStatusCode.BadRequest, "The body is no OTLP export of traces in Protobuf's encoding.")]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType, "Send application/x-protobuf or application/json, as it is or compressed by gzip.")]
    public async Task ABodyThatIsNone_IsAnErrorInItsOwnEncoding(string contentType, string body, HttpStatusCode status, string message)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await PostAsync(await server.ClientAsync(Role.Producer, "alice"), Encoding.UTF8.GetBytes(body), contentType);
        Assert.StartsWith(message, await StatusAsync(response, status, contentType), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-protobuf")]
    public async Task WhateverElseGoesWrong_IsToldTheSameWay(string contentType)
    {
        await using var server = await TestServer.StartAsync();
        var producer = await server.ClientAsync(Role.Producer, "alice");
        using var keyless = await PostAsync(server.Client(), [], contentType);
        Assert.Contains("keys add", await StatusAsync(keyless, HttpStatusCode.Unauthorized, contentType), StringComparison.Ordinal);
        using var reader = await PostAsync(await server.ClientAsync(Role.Auditor), [], contentType);
        await StatusAsync(reader, HttpStatusCode.Forbidden, contentType);
        using var deflated = await PostAsync(producer, [], contentType, "deflate");
        await StatusAsync(deflated, HttpStatusCode.UnsupportedMediaType, contentType);
        using var noGzip = await PostAsync(producer, [1, 2, 3], contentType, "gzip");
        await StatusAsync(noGzip, HttpStatusCode.BadRequest, contentType);
        using var large = await PostAsync(producer, new byte[OtlpIntake.MostBytes + 1], contentType);
        await StatusAsync(large, HttpStatusCode.RequestEntityTooLarge, contentType);

        // Others are in the way.
        var intake = server.App.Services.GetRequiredService<OtlpIntake>();
        Assert.True(intake.TryTake(OtlpIntake.MostBytesAtOnce));
        using var busy = await PostAsync(producer, [0], contentType);
        await StatusAsync(busy, HttpStatusCode.ServiceUnavailable, contentType);
        Assert.Equal(TimeSpan.FromSeconds(5), busy.Headers.RetryAfter?.Delta);
        // And out of it again: all that was taken was given back.
        intake.Return(OtlpIntake.MostBytesAtOnce);
        using var next = await PostAsync(producer, Encoding.UTF8.GetBytes(contentType == "application/json" ? "{}" : ""), contentType);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.True(intake.TryTake(OtlpIntake.MostBytesAtOnce));
    }

    private static Google.Protobuf.ByteString Bytes(int count) => Google.Protobuf.ByteString.CopyFrom([.. Enumerable.Range(1, count).Select(i => (byte)i)]);

    private static ulong Now() => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    private static string Tool(string name) => $$$"""{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}}{{{Attribute("gen_ai.tool.name", name)}}}""";

    private static string Attribute(string key, string value) => $$$""",{"key":"{{{key}}}","value":{"stringValue":"{{{value}}}"}}""";

    private static string Span(string id, string attributes, string more = "", string resource = "", string name = "execute_tool x") =>
        Export(resource, Json(id, attributes, more, name));

    private static string Export(params string[] spans) => Export("", string.Join(',', spans));

    private static string Export(string resource, string spans) =>
        $$$"""{"resourceSpans":[{"resource":{"attributes":[{{{resource}}}]},"scopeSpans":[{"scope":{"name":"test"},"spans":[{{{spans}}}]}]}]}""";

    private static string Json(string id, string attributes, string more = "", string name = "execute_tool x", string? end = null)
    {
        var now = Now();
        return $$$"""
            {"traceId":"{{{Trace}}}","spanId":"{{{id}}}","name":"{{{name}}}","kind":1,
              "startTimeUnixNano":"{{{now - 1_500_000_000}}}","endTimeUnixNano":{{{end ?? $"\"{now}\""}}},
              "attributes":[{{{attributes}}}]{{{more}}}}
            """;
    }

    /// <summary>Sees that an answer is an OTLP error, and hands out its message.</summary>
    private static async Task<string> StatusAsync(HttpResponseMessage response, HttpStatusCode status, string contentType)
    {
        var body = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.True(status == response.StatusCode, Encoding.UTF8.GetString(body));
        var isProtobuf = contentType == "application/x-protobuf";
        Assert.Equal(isProtobuf ? contentType : "application/json", response.Content.Headers.ContentType?.ToString());
        var told = isProtobuf ? RpcStatus.Parser.ParseFrom(body) : Google.Protobuf.JsonParser.Default.Parse<RpcStatus>(Encoding.UTF8.GetString(body));
        Assert.True(told.Code > 0 && told.Message.Length > 0);
        return told.Message;
    }

    private static async Task<string> PostJsonAsync(HttpClient client, string body)
    {
        using var response = await PostAsync(client, Encoding.UTF8.GetBytes(body), "application/json");
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        return answer;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, ExportTraceServiceRequest request) =>
        PostAsync(client, Google.Protobuf.MessageExtensions.ToByteArray(request), "application/x-protobuf");

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] body, string contentType, string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return client.PostAsync("/v1/traces", content, Cancel);
    }
}
