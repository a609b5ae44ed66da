using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolTrail.Mcp.TestServer;

/// <summary>The tools, prompts and resources that the conformance suite of the protocol asks servers for, and one for streams that break off; <c>conformance.json</c> has what they say.</summary>
internal static class Conformance
{
    private static readonly JsonObject Data = (JsonObject)JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "conformance.json")))!;
    private static readonly byte[] Image = "image"u8.ToArray();

    /// <summary>A client has taken up its stream again.</summary>
    public static readonly SemaphoreSlim Returned = new(0);

    public static IMcpServerBuilder WithConformance(this IMcpServerBuilder builder) => builder
        .WithTools(Tools())
        .WithPrompts(
        [
            Prompt("test_simple_prompt", () => "This is a simple prompt for testing."),
            Prompt("test_prompt_with_arguments", (string arg1, string arg2) => $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"),
            Prompt("test_prompt_with_embedded_resource", (string resourceUri) => Messages(new EmbeddedResourceBlock
            {
                Resource = new TextResourceContents { Uri = resourceUri, MimeType = "text/plain", Text = "Embedded resource content for testing." },
            })),
            Prompt("test_prompt_with_image", () => Messages(ImageContentBlock.FromBytes(Image, "image/png"))),
            Prompt("test_input_required_result_prompt", (RequestContext<GetPromptRequestParams> context) => Ask(context.Params!.Name, context.Params)),
        ])
        .WithResources(
        [
            Resource("test://static-text", "text/plain", () => "This is the content of the static text resource."),
            Resource("test://static-binary", "image/png", () => BlobResourceContents.FromBytes(Image, "test://static-binary", "image/png")),
            Resource("test://template/{id}/data", "application/json", (string id) => $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}"""),
        ])
        .WithSubscribeToResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
        .WithUnsubscribeFromResourcesHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
        .WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()))
        .WithCompleteHandler((_, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = ["paris", "park"], Total = 2 } }));

    private static IEnumerable<McpServerTool> Tools()
    {
        foreach (var (name, result) in Data["results"]!.AsObject())
            yield return Tool(name, (RequestContext<CallToolRequestParams> _) => Read<CallToolResult>(result!));
        foreach (var (name, request) in Data["elicitations"]!.AsObject())
        {
            yield return Tool(name, async (McpServer server, CancellationToken cancel) =>
            {
                var answer = await server.ElicitAsync(Read<ElicitRequestParams>(request!), cancel);
                return $"User response: action={answer.Action}, content={JsonSerializer.Serialize(answer.Content)}";
            });
        }

        foreach (var (name, _) in Data["rounds"]!.AsObject())
        {
            if (name != "test_input_required_result_prompt")
                yield return Tool(name, (RequestContext<CallToolRequestParams> context) => Ask(name, context.Params!, context.Server.ClientCapabilities));
        }

        yield return Tool("test_sampling", async (McpServer server, RequestContext<CallToolRequestParams> context, CancellationToken cancel) =>
        {
            var answer = await server.SampleAsync(Sampling(context.Params!.Arguments!["prompt"].GetString()!), cancel);
            return $"LLM response: {answer.Content.OfType<TextContentBlock>().First().Text}";
        });
        yield return Tool("test_tool_with_logging", LogAsync);
        yield return Tool("test_logging_tool", LogAsync);
        yield return Tool("test_tool_with_progress", async (McpServer server, RequestContext<CallToolRequestParams> context, CancellationToken cancel) =>
        {
            foreach (var done in (int[])[0, 50, 100])
                await server.NotifyProgressAsync(context.Params!.ProgressToken!.Value, new ProgressNotificationValue { Progress = done, Total = 100 }, cancellationToken: cancel);
            return "done";
        });
        yield return Tool("test_missing_capability", (RequestContext<CallToolRequestParams> context) => context.Server.ClientCapabilities?.Sampling is null
            ? throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() })
            : "fine");
        yield return Tool("test_reconnection", async (RequestContext<CallToolRequestParams> context, CancellationToken cancel) =>
        {
            await context.EnablePollingAsync(TimeSpan.FromMilliseconds(10), cancel);
            await Returned.WaitAsync(cancel);
            return "Reconnection test completed successfully";
        });
        yield return Tool("await_return", async (CancellationToken cancel) =>
        {
            await Returned.WaitAsync(cancel);
            return "welcome back";
        });
    }

    // The suite wants these three, in this order, of a client that asked for logs.
    private static async Task<string> LogAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancel)
    {
        foreach (var text in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
        {
            if (context.Server.SessionId is not null)
                await context.Server.SendNotificationAsync("notifications/message", new JsonObject { ["level"] = "info", ["data"] = text }, cancellationToken: cancel);
        }

        return "logged";
    }

    // Asks for what the rounds name, one after the other; the state says which round is answered.
    private static string Ask(string name, RequestParams answered, ClientCapabilities? capabilities = null)
    {
        var rounds = Data["rounds"]![name]!.AsArray();
        var round = 0;
        if (answered.RequestState is { } state && (!int.TryParse(state, out round) || round < 0 || round >= rounds.Count))
            throw new McpProtocolException("The state is not the server's.", McpErrorCode.InvalidParams);
        var wanted = rounds[round]!.AsObject().Where(input => IsSupported(input.Value!.ToString())).ToDictionary(input => input.Key, input => Input(input.Value!.ToString()));
        if (wanted.Keys.All(key => answered.InputResponses?.ContainsKey(key) == true))
        {
            if (++round == rounds.Count)
                return $"state-ok: {string.Join(' ', wanted.Keys.Select(key => JsonSerializer.Serialize(answered.InputResponses![key], McpJsonUtilities.DefaultOptions)))}";
            wanted = rounds[round]!.AsObject().ToDictionary(input => input.Key, input => Input(input.Value!.ToString()));
        }

        throw new InputRequiredException(wanted, round.ToString(System.Globalization.CultureInfo.InvariantCulture));

        bool IsSupported(string kind) => name != "test_input_required_result_capabilities" || (kind == "sampling" ? capabilities?.Sampling is not null : capabilities?.Elicitation is not null);
    }

    private static InputRequest Input(string kind) => kind switch
    {
        "sampling" => InputRequest.ForSampling(Sampling("What is the capital of France?")),
        "roots" => InputRequest.ForRootsList(new ListRootsRequestParams()),
        _ => InputRequest.ForElicitation(new ElicitRequestParams
        {
            Message = "What is your name?",
            RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() }, Required = ["name"] },
        }),
    };

    private static CreateMessageRequestParams Sampling(string prompt) =>
        new() { Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }], MaxTokens = 100 };

    private static PromptMessage[] Messages(ContentBlock content) =>
    [
        new PromptMessage { Role = Role.User, Content = content },
        new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = "Please look at it." } },
    ];

    private static McpServerTool Tool(string name, Delegate run)
    {
        var tool = McpServerTool.Create(run, new McpServerToolCreateOptions { Name = name, Description = name });
        if (Data["schemas"]![name] is { } schema)
            tool.ProtocolTool.InputSchema = Read<JsonElement>(schema);
        return tool;
    }

    private static McpServerPrompt Prompt(string name, Delegate say) => McpServerPrompt.Create(say, new McpServerPromptCreateOptions { Name = name, Description = name });

    private static McpServerResource Resource(string uri, string type, Delegate read) =>
        McpServerResource.Create(read, new McpServerResourceCreateOptions { UriTemplate = uri, Name = uri, Description = uri, MimeType = type });

    private static T Read<T>(JsonNode node) => node.Deserialize<T>(McpJsonUtilities.DefaultOptions)!;
}
