using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ToolTrail.Records;

namespace ToolTrail.Tests.Records;

public sealed class RecordCodecTests
{
    [Fact]
    public void Encode_PlainCall_WritesTheSevenThenTheId() => Assert.Equal(
        """{"ts":"2026-11-23T14:35:11.668Z","user":"ann","tool":"read_file","args":{"path":"/etc/hosts"},"status":"ok","result_chars":9,"result_snippet":"127.0.0.1","id":"019ab0de-0000-7000-8000-000000000001"}""",
        Lines.Text(Lines.Call("""{"path":"/etc/hosts"}""", result: "127.0.0.1")));

    [Fact]
    public void Encode_EveryField_KeepsTheFormatsOrder()
    {
        var record = Lines.Call("{}") with
        {
            Id = "i", CallId = "c", Session = "s", Agent = "a", Engine = "e", Model = "m", Source = "src", Server = "srv", DurationMs = 1.25, Reason = "why",
            Error = new ToolCallError("T", "M"), TraceId = "0af7651916cd43dd8448eb211c80319c", SpanId = "b7ad6b7169203331", ArgsDigest = "hmac-sha256:1",
            ResultDigest = "hmac-sha256:2", Redacted = ["/args/x"], Extra = """{"z":1,"y":[2]}"""u8.ToArray(),
        };
        Assert.Equal(
            """{"ts":"2026-11-23T14:35:11.668Z","user":"ann","tool":"read_file","args":{},"status":"ok","result_chars":0,"result_snippet":"","id":"i","call_id":"c","session":"s","agent":"a","engine":"e","model":"m","source":"src","server":"srv","duration_ms":1.25,"reason":"why","error":{"type":"T","message":"M"},"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","args_digest":"hmac-sha256:1","result_digest":"hmac-sha256:2","redacted":["/args/x"],"z":1,"y":[2]}""",
            Lines.Text(record));
    }

    [Fact]
    public void Encode_CharactersThatEndLines_AreEscapedAndNothingElse() => Assert.Contains(
        "\"result_snippet\":\"a\\u0085b\\u2028c\\u2029d\\ne\\\"f\\\\g\\u0000h<>&'+é😀\u007f\"",
        Lines.Text(Lines.Call(result: "a\u0085b\u2028c\u2029d\ne\"f\\g\0h<>&'+é😀\u007f")), StringComparison.Ordinal);

    [Fact]
    public void Encode_EscapedArguments_AreWrittenPlainly() => Assert.Contains(
        """
        "args":{"a/b":"é\u2028😀\"\\/"}
        """, Lines.Text(Lines.Call("""{ "a\/b" : "\u00e9\u2028\ud83d\ude00\"\\\/" }""")), StringComparison.Ordinal);

    [Fact]
    public void Encode_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        Assert.Contains("\"a\uFFFDb\"", Lines.Text(Lines.Call("""{"x":"a\ud800b"}""")), StringComparison.Ordinal);
        Assert.Contains("\"user\":\"a\uFFFDb\"", Lines.Text(Lines.Call() with { User = "a\ud800b" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,2]", """{"$value":[1,2]}""")]
    [InlineData("\"text\"", """{"$value":"text"}""")]
    [InlineData("null", """{"$value":null}""")]
    [InlineData("{not json", """{"$value":"{not json"}""")]
    [InlineData("{\"a\":1}{}", """{"$value":"{\"a\":1}{}"}""")]
    [InlineData("", "{}")]
    public void Encode_ArgumentsThatAreNoObject_AreKeptAsValue(string args, string expected) =>
        Assert.Contains($"\"args\":{expected},\"status\"", Lines.Text(Lines.Call(args)), StringComparison.Ordinal);

    [Fact]
    public void Encode_ArgumentsWithDuplicateNames_KeepsBoth() =>
        Assert.Contains("""{"a":1,"a":2}""", Lines.Text(Lines.Call("""{"a":1,"a":2}""")), StringComparison.Ordinal);

    [Fact]
    public void Encode_InvalidUtf8_IsRecorded()
    {
        var record = Lines.Call() with { Arguments = new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'"', 0xC3, (byte)'"', (byte)'}' } };
        Assert.Contains("{\"\uFFFD\":\"\uFFFD\"}", Lines.Text(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_CutArguments_CarryTheDigestOfTheirOwnBytes()
    {
        var args = $$"""{ "x": "{{new string('a', 501)}}" }""";
        var line = Lines.Json(Lines.Call(args));
        Assert.Equal("hmac-sha256:" + Convert.ToHexStringLower(HMACSHA256.HashData(Lines.Key, Encoding.UTF8.GetBytes(args))), line.GetProperty("args_digest").GetString());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(100_000)]
    public void Encode_CutResult_CarriesTheDigestOfItsText(int length)
    {
        var text = string.Concat(Enumerable.Repeat("é😀", length / 2)) + "x";
        var expected = "hmac-sha256:" + Convert.ToHexStringLower(HMACSHA256.HashData(Lines.Key, Encoding.UTF8.GetBytes(text)));
        var json = Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(text));
        foreach (var result in new[] { ToolResult.FromText(text), ToolResult.FromUtf8(Encoding.UTF8.GetBytes(text)), ToolResult.FromJson(json) })
        {
            var line = Lines.Json(Lines.Call(result: result));
            Assert.Equal(expected, line.GetProperty("result_digest").GetString());
            Assert.Equal((length / 2 * 2) + 1, line.GetProperty("result_chars").GetInt32());
            Assert.Equal(string.Concat(Enumerable.Repeat("é😀", 150)), line.GetProperty("result_snippet").GetString());
        }
    }

    [Fact]
    public void Encode_WholeValues_CarryNoDigest()
    {
        var line = Lines.Json(Lines.Call("""{"x":1}""", result: new string('a', 300)));
        Assert.False(line.TryGetProperty("args_digest", out _));
        Assert.False(line.TryGetProperty("result_digest", out _));
    }

    [Fact]
    public void Encode_JsonResultThatIsNoString_CountsItsOwnJson() =>
        Assert.Equal(14, Lines.Json(Lines.Call(result: ToolResult.FromJson("""{"a": [1, 2]}\u0020"""u8[..13].ToArray()))).GetProperty("result_chars").GetInt32() + 1);

    [Theory]
    [InlineData("\"a\"b\"", "a\"b")]
    [InlineData("\"a\nb\"", "a\nb")]
    [InlineData("\"a\\\"", "a\uFFFD")]
    public void Encode_JsonResultThatIsNoJson_IsStillText(string result, string expected) =>
        Assert.Equal(expected, Lines.Json(Lines.Call(result: ToolResult.FromJson(Encoding.UTF8.GetBytes(result)))).GetProperty("result_snippet").GetString());

    [Fact]
    public void Encode_UnknownFields_CannotReplaceKnownOnes()
    {
        var line = Lines.Text(Lines.Call() with { Extra = """{"user":"eve","\u0075ser":"eve","note":"x"}"""u8.ToArray() });
        Assert.DoesNotContain("eve", line, StringComparison.Ordinal);
        Assert.EndsWith(",\"note\":\"x\"}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_UnknownFieldsThatAreNoJson_LeaveNothingBehind() =>
        Assert.Equal(Lines.Text(Lines.Call()), Lines.Text(Lines.Call() with { Extra = """{"password":"x","y":"""u8.ToArray() }));

    [Theory]
    [InlineData(0)]
    [InlineData(0.0001)]
    [InlineData(1.25)]
    [InlineData(10)]
    [InlineData(161.6510)]
    [InlineData(0.1 + 0.2)]
    [InlineData(0.00001)]
    [InlineData(99999999999.9999)]
    [InlineData(1e300)]
    [InlineData(-1.5)]
    public void Encode_Duration_IsTheShortestNumberThatReadsBack(double duration) => Assert.Contains(
        $"\"duration_ms\":{duration.ToString("R", CultureInfo.InvariantCulture)}", Lines.Text(Lines.Call() with { DurationMs = duration }), StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Encode_DurationThatIsNoNumber_IsLeftOut(double duration) =>
        Assert.False(Lines.Json(Lines.Call() with { DurationMs = duration }).TryGetProperty("duration_ms", out _));

    [Fact]
    public void Constructor_LimitOutOfRange_SaysWhich() =>
        Assert.Equal("StringChars", Assert.Throws<ArgumentOutOfRangeException>(() => Lines.Codec(new RecordLimits { StringChars = 0 })).ParamName);

    [Fact]
    public void Decode_OlderLine_ReadsLocalTimeAndEscapes()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("t", TimeSpan.FromHours(2), "t", "t");
        var line = """{"ts": "2026-11-23T14:35:11", "user": "J\u00fcrgen", "tool": "t", "args": {"a": "\u00e9"}, "status": "ok", "result_chars": 2, "result_snippet": "hi"}"""u8.ToArray();
        var record = RecordCodec.Decode(line, zone)!;
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 12, 35, 11, TimeSpan.Zero), record.Timestamp);
        Assert.Equal("Jürgen", record.User);
        Assert.Equal("""{"a": "\u00e9"}""", Encoding.UTF8.GetString(record.Arguments.Span));
        Assert.Null(record.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"ts":"2026-11-23T14:35:11Z","user":"u","tool":"t","status":"ok"}x""")]
    [InlineData("""{"ts":"2026-11-23T14:35:11Z","user":"u","tool":"t","status":"ok" """)]
    [InlineData("""{"ts":"yesterday","user":"u","tool":"t","status":"ok"}""")]
    [InlineData("""{"ts":"2026-11-23T14:35:11Z","user":5,"tool":"t","status":"ok"}""")]
    public void Decode_NoRecord_IsNull(string line) => Assert.Null(RecordCodec.Decode(Encoding.UTF8.GetBytes(line), TimeZoneInfo.Utc));

    [Fact]
    public void Decode_FieldsOfOtherTypes_AreKeptAsUnknown()
    {
        var line = """{"ts":"2026-11-23T14:35:11Z","user":"u","tool":"t","status":"odd","duration_ms":"long","more":{"a":[1]}}"""u8.ToArray();
        var record = Lines.Decode(line);
        Assert.Equal("odd", record.Status.Value);
        Assert.Equal("""{"duration_ms":"long","more":{"a":[1]}}""", Encoding.UTF8.GetString(record.Extra.Span));
    }
}
