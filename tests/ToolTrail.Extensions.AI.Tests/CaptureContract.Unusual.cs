using System.Text.Json;
using Microsoft.Extensions.AI;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using static ToolTrail.Extensions.AI.Tests.ScriptedModel;

namespace ToolTrail.Extensions.AI.Tests;

/// <content>Calls that others run, several at once, and what cannot be shown as it is.</content>
public abstract partial class CaptureContract
{
    [Fact]
    public async Task CallsThatAreLeftToTheCaller_AreRecordedOnceItSendsTheirResults()
    {
        // One that is only declared here; the client then invokes none of the same answer.
        AITool[] tools = [AIFunctionFactory.CreateDeclaration("ask_user", null, AIJsonUtilities.CreateJsonSchema(typeof(object))), AIFunctionFactory.Create(() => 1, "one")];
        var model = new ScriptedModel([Call("left-1", "ask_user", ("question", "which?")), Call("left-2", "one")]);
        List<ChatMessage> history = [.. Question, .. await AskAsync(model, tools)];
        Assert.Empty(_home.Records());

        var failed = new FunctionResultContent("left-2", null) { Exception = new InvalidOperationException("no") };
        history.Add(new(ChatRole.Tool, [new FunctionResultContent("left-1", "the first"), failed]));
        history.AddRange(await AskAsync(model, tools, history));
        history = JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
        history.Add(new(ChatRole.User, "Go on."));
        await AskAsync(model, tools, history);

        Assert.Equal(
            [("ask_user", "left-1", "ok", "the first", null), ("one", "left-2", "error", "", "no")],
            _home.Records().Select(record => (record.Tool, record.CallId!, record.Status.Value, record.ResultSnippet!, record.Error?.Message)));
        Assert.Equal("""{"question":"which?"}""", Text(_home.Records()[0].Arguments));
    }

    [Fact]
    public async Task WhatTheProviderRuns_IsRecordedWithItsResult()
    {
        var model = new ScriptedModel([
            new McpServerToolCallContent("m", "search_repos", "github") { Arguments = new Dictionary<string, object?> { ["q"] = "trail" } },
            new McpServerToolResultContent("m") { Outputs = [new TextContent("3 found")] },
            new WebSearchToolCallContent("w") { Queries = ["trails"] },
            new WebSearchToolResultContent("w") { Outputs = [new ErrorContent("rate limit")] },
            new TextContent("done"),
        ]);
        await AskAsync(model, []);
        Assert.Equal(
            [("search_repos", "github", """{"q":"trail"}""", "ok", "3 found"), ("web_search", null, """{"queries":["trails"]}""", "error", "rate limit")],
            _home.Records().Select(record => (record.Tool, record.Server, Text(record.Arguments), record.Status.Value, record.ResultSnippet!)));
    }

    [Fact]
    public async Task ANameThatIsTheRecorders_IsRecordedUnderAnother_AndTheModelGoesOn()
    {
        var model = new ScriptedModel([Call("c", "tooltrail.gap")], [Call("d", "one")]);
        await AskAsync(model, [AIFunctionFactory.Create(() => 1, "one")]);
        Assert.Equal(["_tooltrail.gap error", "one ok"], _home.Outcomes().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task HalfASurrogatePair_IsRecordedAsU_FFFD_AndReachesTheFunctionAndTheModel()
    {
        var half = JsonDocument.Parse("""{"a":"x\ud800"}""").RootElement;
        var model = new ScriptedModel(
            [Call("c1", "text", ("json", half.GetProperty("a")), ("text", "\udc00y"))], [Call("c2", "json")], [Call("c3", "error")]);
        AITool[] tools =
        [
            new FixedFunction("text", "z\ud800"), new FixedFunction("json", half),
            new FixedFunction("error", JsonDocument.Parse("""{"isError":true,"content":[{"type":"text","text":"\ud800"}]}""").RootElement),
        ];
        await AskAsync(model, tools);

        var records = _home.Records();
        Assert.Equal(["text ok", "json ok", "error error"], _home.Outcomes());
        Assert.Equal(("{\"json\":\"x\ufffd\",\"text\":\"\ufffdy\"}", "z\ufffd"), (Text(records[0].Arguments), records[0].ResultSnippet));
        Assert.StartsWith("{\"a\":\"x", records[1].ResultSnippet, StringComparison.Ordinal);
        Assert.Equal(3, model.LastResults.Count());
    }

    [Fact]
    public async Task AResultThatCannotBeShown_IsRecordedAllTheSame()
    {
        await AskAsync(new ScriptedModel([Call("c", "give")]), [new FixedFunction("give", new Unserializable())]);
        Assert.Equal(("give", "ok", "a thing"), _home.Records().Select(record => (record.Tool, record.Status.Value, record.ResultSnippet!)).Single());
    }

    [Fact]
    public async Task Metadata_HoldsNothingOfWhatWasAskedOrAnswered_HoweverItEnds()
    {
        var settings = new TrailSettings { Levels = [new LevelRule { Tool = "*", Level = RecordLevel.Metadata }] };
        AITool[] tools =
        [
            AIFunctionFactory.Create((string a) => "hunter2", "ok"),
            AIFunctionFactory.Create(AIContent (string a) => new ErrorContent("hunter2"), "answers_error"),
            AIFunctionFactory.Create(string (string a) => throw new TimeoutException("hunter2"), "late"),
            AIFunctionFactory.Create(string (string a) => throw new OperationCanceledException("hunter2"), "gives_up"),
            AIFunctionFactory.Create(string (string a) => throw new UnauthorizedAccessException("hunter2"), "may_not"),
        ];
        AIContent[][] answers = [.. tools.Select(tool => new AIContent[] { Call($"c-{tool.Name}", tool.Name, ("a", "hunter2")) }), [Call("c-unknown", "unknown", ("a", "hunter2"))]];
        await AskAsync(new ScriptedModel(answers), tools, settings: settings);

        Assert.Equal(["ok ok", "answers_error error", "late timeout", "gives_up cancelled", "may_not denied", "unknown error"], _home.Outcomes());
        Assert.DoesNotContain("hunter2", string.Concat(Directory.GetFiles(_home.Path, "*.jsonl", SearchOption.AllDirectories).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFunctionThatRecordsItself_IsRecordedOnce_AlsoBehindADecoratorWithArgumentsOfItsOwn()
    {
        await using (var recorder = _home.Recorder())
        {
            AITool[] tools = [new CopyingFunction(AIFunctionFactory.Create(() => 1, "one").WithToolTrail(recorder, Options))];
            await AskAsync(new ScriptedModel([Call("c", "one")]), recorder, Question, tools, Cancel);
        }

        var record = Assert.Single(_home.Records());
        Assert.Equal(("one", "ok", "c"), (record.Tool, record.Status.Value, record.CallId));
    }

    [Fact]
    public async Task SeveralCallsOfOneAnswer_AreRecordedEach()
    {
        var model = new ScriptedModel([Call("c1", "add", ("a", 1), ("b", 1)), Call("c2", "nothing"), Call("c3", "add", ("a", 2), ("b", 2))]);
        await AskAsync(model, [AIFunctionFactory.Create(async (int a, int b) =>
        {
            await Task.Yield();
            return a + b;
        }, "add")]);
        Assert.Equal(
            [("c1", "ok", "2"), ("c2", "error", ""), ("c3", "ok", "4")],
            _home.Records().OrderBy(record => record.CallId, StringComparer.Ordinal).Select(record => (record.CallId!, record.Status.Value, record.ResultSnippet!)));
    }

    [Fact]
    public async Task AFunctionThatRecordsItself_IsRecordedOnce()
    {
        await using (var recorder = _home.Recorder())
        {
            AITool[] tools = [AIFunctionFactory.Create(() => 1, "one").WithToolTrail(recorder, Options)];
            await AskAsync(new ScriptedModel([Call("c", "one")]), recorder, Question, tools, Cancel);
        }

        Assert.Equal(["one ok"], _home.Outcomes());
    }

    [Fact]
    public async Task ArgumentsThatCannotBeShown_DoNotKeepTheFunctionFromRunning()
    {
        var model = new ScriptedModel([Call("c", "take", ("it", new Unserializable()))]);
        await AskAsync(model, [AIFunctionFactory.Create((AIFunctionArguments arguments) => "taken", "take")]);
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Ok, """{"it":"a thing"}"""), (record.Status, Text(record.Arguments)));
    }

    private sealed class FixedFunction(string name, object result) : AIFunction
    {
        public override string Name => name;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new(result);
    }

    private sealed class CopyingFunction(AIFunction inner) : DelegatingAIFunction(inner)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            base.InvokeCoreAsync(new AIFunctionArguments(arguments), cancellationToken);
    }

    private sealed class Unserializable
    {
        public string Value => throw new InvalidOperationException("not now");

        public override string ToString() => "a thing";
    }
}
