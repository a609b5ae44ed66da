using System.Text;
using ToolTrail.Mcp.Protocol;

namespace ToolTrail.Mcp.Tests.Protocol;

public sealed class JsonRpcMessageTests
{
    [Theory]
    [InlineData("1", "1", false)]
    [InlineData("\"1\"", "1", true)]
    [InlineData("1.0", "1", false)]
    [InlineData("-9007199254740993", "-9007199254740993", false)]
    [InlineData("12345678901234567890123", "12345678901234567890123", false)]
    [InlineData("1.5", "1.5", false)]
    [InlineData("\"a\\u0062\"", "ab", true)]
    [InlineData("null", "null", false)]
    public void Id_OfAnyKind_IsKeptApart(string json, string text, bool isString) =>
        Assert.Equal(new JsonRpcId(text, isString), Parse($$"""{"result":{},"id":{{json}} }""")!.Value.Id);

    [Theory]
    [InlineData("""{"method":"tools\/call","id":1}""")]
    [InlineData("""{"method":"\u0074ools/call","id":1}""")]
    [InlineData("""{"method":"other","method":"tools/call","id":1}""")]
    [InlineData("""{"\ud800":1,"method":"tools/call","id":1}""")]
    [InlineData("\uFEFF {\"method\":\"tools/call\",\"id\":1}\r\n")]
    public void Method_HoweverWritten_IsSeen(string json) => Assert.Equal("tools/call", Parse(json)!.Value.Method);

    [Fact]
    public void Arguments_NestedDeep_AreTakenWhole()
    {
        var arguments = new string('[', 10_000) + new string(']', 10_000);
        var message = Parse($$"""{"method":"tools/call","params":{"name":"deep","arguments":{{arguments}}},"id":1}""")!.Value;
        var parameters = McpParams.Parse(message.Params);
        Assert.Equal("deep", parameters.Name);
        Assert.Equal(arguments, Encoding.UTF8.GetString(parameters.Arguments.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"id":1""")]
    [InlineData("""{"id":1} trailing""")]
    public void Anything_ButOneObject_IsNoMessage(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Batch_Split_GivesItsElements() => Assert.Equal(
        ["""{"id":1}""", "[2]", "3"],
        JsonRpcMessage.SplitBatch(" [{\"id\":1} , [2],3]\n"u8.ToArray())!.Select(element => Encoding.UTF8.GetString(element.Span)));

    [Fact]
    public void Name_OfInvalidUtf8_IsReadAllTheSame()
    {
        byte[] json = [.. """{"name":"a"""u8, 0xFF, .. """b"}"""u8];
        Assert.Equal("a\uFFFDb", McpParams.Parse(json).Name);
    }

    private static JsonRpcMessage? Parse(string json) => JsonRpcMessage.Parse(Json.Trim(Encoding.UTF8.GetBytes(json)));
}
