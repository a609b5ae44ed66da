using System.Text;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using static ToolTrail.Mcp.Tests.Proxy.Messages;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>What is recorded of messages too long to be held.</summary>
public sealed class LongLineRecordingTests
{
    private const string Beginning = """{"method":"tools/call","params":{"name":"write","arguments":{"text":"xxxx""";
    private const string Rest = """xxxx"}},"jsonrpc":"2.0","id":7}""";

    [Fact]
    public async Task Call_TooLong_IsRecordedWithoutItsArguments()
    {
        await using var conversation = new Conversation();
        Assert.True(await conversation.LongLineFromClientAsync(Beginning, Rest));
        await conversation.ServerSaysAsync(Result(7, "written"));
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal(("write", "ok", "written"), (record.Tool, record.Status.Value, record.ResultSnippet));
        Assert.Contains("more than", Encoding.UTF8.GetString(record.Arguments.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_TooLongAndDenied_DoesNotPass()
    {
        var settings = new TrailSettings { Policy = [new PolicyRule { Name = "no-writing", Effect = PolicyEffect.Deny, Tool = "write" }] };
        await using var conversation = new Conversation(settings);
        Assert.False(await conversation.LongLineFromClientAsync(Beginning, Rest));
        Assert.Contains("no-writing", conversation.TakeAnswers(), StringComparison.Ordinal);
        Assert.Equal(ToolCallStatus.Denied, Assert.Single(await conversation.EndAsync()).Status);
    }

    [Fact]
    public async Task Message_TooLongToTellWhatItIs_IsRefused()
    {
        await using var conversation = new Conversation();
        Assert.False(await conversation.LongLineFromClientAsync(
            """{"id":7,"params":{"arguments":{"text":"xxxx""", """xxxx"},"name":"write"},"method":"tools/call"}"""));
        Assert.Contains("\"id\":7", conversation.TakeAnswers(), StringComparison.Ordinal);
        Assert.Empty(await conversation.EndAsync());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":{"type":"image","data":"xxxx""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"x":"xxxx""")]
    [InlineData("no JSON at all")]
    public async Task Message_TooLongAndNoCall_Passes(string beginning)
    {
        await using var conversation = new Conversation();
        Assert.True(await conversation.LongLineFromClientAsync(beginning, "xxxx\"}}}"));
        Assert.Empty(await conversation.EndAsync());
    }

    [Theory]
    [InlineData("""{"id":7,"method":"ping","params":{"x":"xxxx""", """xxxx"},"method":"tools/call"}""")]
    [InlineData("""{"id":7,"result":{"x":"xxxx""", """xxxx"},"method":"tools/call","params":{"name":"write"}}""")]
    [InlineData("    ", """{"id":7,"method":"tools/call","params":{"name":"write"}}""")]
    public async Task Message_TooLongThatTurnsOutToBeACall_IsCutOff(string beginning, string rest)
    {
        await using var conversation = new Conversation();
        Assert.False(await conversation.LongLineFromClientAsync(beginning, rest));
        Assert.Contains("\"id\":7", conversation.TakeAnswers(), StringComparison.Ordinal);
        Assert.Empty(await conversation.EndAsync());
    }

    [Fact]
    public async Task Call_TooLongThatNamesASecondTool_IsCutOff()
    {
        await using var conversation = new Conversation();
        Assert.False(await conversation.LongLineFromClientAsync(Beginning, """xxxx"},"name":"delete"},"jsonrpc":"2.0","id":7}"""));
        Assert.Contains("\"isError\":true", conversation.TakeAnswers(), StringComparison.Ordinal);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal(("write", "denied", "ambiguous request"), (record.Tool, record.Status.Value, record.Reason));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"xxxx"}]}}""", "ok")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"xxxx"}],"isError":true}}""", "error")]
    public async Task Answer_TooLong_EndsItsCall(string answer, string status)
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "read"));
        await conversation.LongLineFromServerAsync(answer);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal(status, record.Status.Value);
        Assert.Contains("too long", record.Reason, StringComparison.Ordinal);
    }
}
