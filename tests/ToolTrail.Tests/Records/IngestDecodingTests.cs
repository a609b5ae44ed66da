using System.Text;
using ToolTrail.Records;

namespace ToolTrail.Tests.Records;

public sealed class IngestDecodingTests
{
    [Fact]
    public void DecodeIngest_Record_ReadsEveryField()
    {
        var record = Decode("""{"user":"u","tool":"t","status":"ok","args":{"a":1},"result":{"b":[2]},"id":"i","duration_ms":1.5,"error":"boom","trace_id":"0AF7651916CD43DD8448EB211C80319C","custom":7,"agent":null}""");
        Assert.Equal(("u", "t", "ok", "i", 1.5), (record.User, record.Tool, record.Status.Value, record.Id, record.DurationMs));
        Assert.Equal("boom", record.Error!.Message);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", record.TraceId);
        Assert.Equal("""{"custom":7}""", Encoding.UTF8.GetString(record.Extra.Span));
        Assert.Null(record.Timestamp);
        Assert.Null(record.Agent);
        Assert.Equal(9, Lines.Json(record).GetProperty("result_chars").GetInt32());
    }

    [Theory]
    [InlineData("""{"tool":"t","status":"ok"}""", "user")]
    [InlineData("""{"user":"u","status":"ok"}""", "tool")]
    [InlineData("""{"user":"u","tool":"t"}""", "status")]
    [InlineData("""{"user":"u","tool":"t","status":""}""", "status")]
    [InlineData("""{"user":"u","tool":"t","status":"ok","ts":"now"}""", "ts")]
    [InlineData("""{"user":"u","tool":"t","status":"ok","result_chars":-1}""", "result_chars")]
    [InlineData("""{"user":"u","tool":"t","status":"ok","duration_ms":"1"}""", "duration_ms")]
    [InlineData("""{"user":"u","tool":"t","status":"ok","span_id":"xyz"}""", "span_id")]
    [InlineData("""{"user":["u"],"tool":"t","status":"ok"}""", "user")]
    [InlineData("""{"user":"u","tool":"t","status":"ok"} {}""", "JSON")]
    [InlineData("""{"user":"u",""", "JSON")]
    [InlineData("nonsense", "JSON")]
    [InlineData("", "JSON")]
    [InlineData("5", "object")]
    public void DecodeIngest_BadRecord_SaysWhatIsWrong(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<RecordRefusedException>(() => Decode(json)).Message, StringComparison.Ordinal);

    private static ToolCallRecord Decode(string json) => RecordCodec.DecodeIngest(Encoding.UTF8.GetBytes(json), TimeZoneInfo.Utc);
}
