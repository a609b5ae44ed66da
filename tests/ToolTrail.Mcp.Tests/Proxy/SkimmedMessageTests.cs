using System.Text;
using CsCheck;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Tests.Proxy;

public sealed class SkimmedMessageTests
{
    [Theory]
    [InlineData("""{"method":"tools/call","params":{"name":"write","arguments":{"name":"no","x":[1,{"id":3}]}},"jsonrpc":"2.0","id":7}""")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools\/call","params":{"_meta":{"name":"no"},"arguments":["method"],"name":"wri\u0074e"}}""")]
    [InlineData(" { \"id\" : 7 , \"params\" : { \"list\" : [ \"name\", 1 ] , \"name\" : \"write\" } , \"method\" : \"tools/call\" } \r\n")]
    public void Request_ScannedInAnyParts_ShowsIdMethodAndTool(string json) => ScanInAnyParts(json, line =>
    {
        Assert.Equal(("7", false), (line.Id?.Text, line.Id?.IsString));
        Assert.Equal(("tools/call", "write"), (line.Method, line.Tool));
        Assert.False(line.IsAnswer);
        Assert.True(line.IsJson);
    });

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"a\"b","result":{"content":[{"type":"text","text":"}]\\","isError":true}]}}""", false)]
    [InlineData("""{"result":{"isError":true,"content":[]},"id":"a\"b"}""", true)]
    [InlineData("""{"id":"a\"b","error":{"code":-32603,"message":"\\\"{"}}""", true)]
    public void Answer_ScannedInAnyParts_ShowsIdAndFailure(string json, bool isError) => ScanInAnyParts(json, line =>
    {
        Assert.Equal(("a\"b", true), (line.Id?.Text, line.Id?.IsString));
        Assert.Equal((true, isError), (line.IsAnswer, line.IsError));
    });

    [Theory]
    [InlineData("")]
    [InlineData("hello, world\n")]
    [InlineData("]]]}}}:::,,,")]
    [InlineData("""[{"id":1,"method":"tools/call"}]""")]
    public void AnythingElse_ScannedInAnyParts_ShowsNothing(string text) => ScanInAnyParts(text, line =>
    {
        Assert.Null(line.Id);
        Assert.Null(line.Method);
        Assert.Null(line.Tool);
    });

    [Fact]
    public void Name_TooLong_CountsAsAbsent()
    {
        var line = new SkimmedMessage();
        line.Scan(Encoding.UTF8.GetBytes($$"""{"method":"{{new string('m', 5000)}}","id":7}"""));
        Assert.Null(line.Method);
        Assert.Equal("7", line.Id?.Text);
    }

    [Fact]
    public void Member_WithATooLongName_IsNotTakenForTheOneBefore()
    {
        var line = new SkimmedMessage();
        var name = new string('x', 5000);
        line.Scan(Encoding.UTF8.GetBytes($$"""{"method":"tools/call","{{name}}":"ping","params":{"name":"write","{{name}}":"read","arguments":[]} }"""));
        Assert.Equal(("tools/call", "write"), (line.Method, line.Tool));
    }

    [Theory]
    [InlineData("""{"method":"ping","method":"tools/call"}""", true, true)]
    [InlineData("""{"method":"tools/call","M\u0065thod":"ping"}""", true, true)]
    [InlineData("""{"method":"tools/call","params":{"name":"read","arguments":{"name":"x"},"NAME":"write"}}""", true, true)]
    [InlineData("""{"method":"ping","params":{"name":"read"},"params":{"name":"write"}}""", true, false)]
    [InlineData("""{"method":"ping","params":{"name":"tools/call","method":"x","params":{}},"id":{"name":1,"params":2}}""", false, true)]
    [InlineData("""[{"method":"ping"},{"method":"tools\/call"}]""", false, true)]
    [InlineData("""{"id":1,"result":{"content":[{"text":"tools/call"}]}}""", false, false)]
    public void Message_ScannedInAnyParts_ShowsWhetherItMayBeSeveral(string json, bool isAmbiguous, bool saysCall) =>
        ScanInAnyParts(json, line => Assert.Equal((isAmbiguous, saysCall), (line.IsAmbiguous, line.SaysCall)));

    [Fact]
    public void AnyBytes_Scanned_AreCountedAndNeverThrow() =>
        Gen.Frequency((1, Gen.Byte), (3, Gen.Int[0, 10].Select(i => "{}[],:\"\\ 1t"u8[i]))).Array.Sample(bytes =>
        {
            var line = new SkimmedMessage();
            line.Scan(bytes);
            Assert.Equal(bytes.Length, line.Length);
        });

    private static void ScanInAnyParts(string text, Action<SkimmedMessage> check)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var line = new SkimmedMessage();
            foreach (var part in bytes.Chunk(size))
                line.Scan(part);
            check(line);
        }
    }
}
