using System.Text;
using ToolTrail.Mcp.Protocol;

namespace ToolTrail.Mcp.Tests.Protocol;

public sealed class McpResultTests
{
    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"one \"quoted\""}]}""", "\"one \\\"quoted\\\"\"", "one \"quoted\"")]
    [InlineData("""{"content":[{"text":"one","type":"text"},{"type":"image","data":"AAAA"},{"type":"text","text":"two"}]}""", "one\ntwo", "one")]
    [InlineData("""{"content":[],"structuredContent":{"sum":3}}""", """{"content":[],"structuredContent":{"sum":3}}""", null)]
    [InlineData("""{"content":[{"type":"image","text":"no"}]}""", """{"content":[{"type":"image","text":"no"}]}""", null)]
    [InlineData("[1]", "[1]", null)]
    public void Text_IsOfTheTextContents_ElseTheWholeResult(string json, string text, string? firstText)
    {
        var result = McpResult.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Equal(text, result.Text.ToString());
        Assert.Equal(firstText, result.FirstText);
    }

    [Fact]
    public void Task_OfEitherEra_IsSeen()
    {
        var earlier = McpResult.Parse("""{"task":{"taskId":"t1","status":"working","statusMessage":"busy"}}"""u8.ToArray());
        Assert.Equal(("t1", "working", "busy", null), (earlier.TaskId, earlier.TaskStatus, earlier.TaskMessage, earlier.ResultType));
        var later = McpResult.Parse("""{"resultType":"task","taskId":"t2","status":"completed","result":{"content":[]}}"""u8.ToArray());
        Assert.Equal(("t2", "completed", "task"), (later.TaskId, later.TaskStatus, later.ResultType));
        Assert.Equal("""{"content":[]}""", Encoding.UTF8.GetString(later.TaskResult.Span));
    }
}
