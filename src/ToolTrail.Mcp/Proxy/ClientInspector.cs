using System.Text;
using Microsoft.Extensions.Logging;
using ToolTrail.Mcp.Protocol;
using ToolTrail.Recording;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// Looks at what the client sends. Calls of tools pass once they are allowed and, where that was promised, recorded; others are answered here.
/// Everything else passes, understood or not.
/// </summary>
internal sealed class ClientInspector : ILineInspector
{
    private static readonly byte[] LongArguments = Encoding.UTF8.GetBytes($$"""{"…":"[more than {{LinePump.MaxHeldLine}} bytes]"}""");

    private readonly OpenCalls _calls;
    private readonly CallScope _scope;
    private readonly LineOutput _client;
    private readonly ILogger _logger;
    private readonly string? _user;
    private OpenCall? _longCall;
    private string? _longRefusal;

    /// <param name="calls">The calls under way.</param>
    /// <param name="scope">Whose requests they are.</param>
    /// <param name="client">Where the proxy's own answers go.</param>
    /// <param name="logger">Told of requests that could not be answered.</param>
    /// <param name="user">On whose behalf they are made; <c>null</c>: the scope's user.</param>
    public ClientInspector(OpenCalls calls, CallScope scope, LineOutput client, ILogger logger, string? user = null)
    {
        _calls = calls;
        _scope = scope;
        _client = client;
        _logger = logger;
        _user = user;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> InspectAsync(ReadOnlyMemory<byte> line)
    {
        var json = Json.Trim(line);
        if (!json.IsEmpty && json.Span[0] == '[')
            return await InspectBatchAsync(json);
        if (JsonRpcMessage.Parse(json) is not { } message)
            return await InspectMalformedAsync(json);
        if (await LookAsync(message) is not { } answer)
            return null;
        if (answer.Length > 0)
            _client.Write([.. answer, (byte)'\n']);
        return [];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> BeginLongLineAsync(SkimmedMessage line)
    {
        (_longCall, _longRefusal) = (null, null);
        if (!line.IsJson || (line.IsAnswer && line.Method is null) || line.Method is not (null or "tools/call"))
            return GoesOn(line);
        if (line.Method is null || line.Tool is null || line.IsAmbiguous)
        {
            // Passing it would be a way round the policy: write the arguments first, and enough of them.
            ProxyLog.LongRequestRefused(_logger, line.Length);
            _longRefusal = $"A message of more than {LinePump.MaxHeldLine} bytes must begin with its method and, for a call, the tool's name.";
            return false;
        }

        (_longCall, _longRefusal) = await _calls.BeginAsync(_scope, line.Id, new McpParams { Name = line.Tool, Arguments = LongArguments }, _user);
        return _longCall is not null;
    }

    /// <inheritdoc/>
    public bool GoesOn(SkimmedMessage line)
    {
        // Of one that passes unasked, or was asked about another tool, the rest would be a way round the policy.
        if (_longRefusal is null && (line.IsAmbiguous || (_longCall is null && line.SaysCall)))
        {
            ProxyLog.LongRequestRefused(_logger, line.Length);
            _longRefusal = "The message turned out to be another than it began as, and was cut off.";
        }

        return _longRefusal is null;
    }

    /// <inheritdoc/>
    public async ValueTask EndLongLineAsync(SkimmedMessage line)
    {
        if (_longRefusal is null && _longCall is not null)
            await _calls.AddAsync(_scope, line.Id, _longCall);
        else if (_longCall is not null)
            await _calls.EndAsync(_longCall, ToolCallOutcome.Denied(OpenCalls.Ambiguous));
        if (_longRefusal is not null && line.Id is { } id)
            _client.Write([.. Answer.ToolError(id, _longRefusal, isSelfContained: false), (byte)'\n']);
    }

    // What is no JSON passes, unless a server whose parser is less strict could read a call in it: Python's take NaN, others what follows a message.
    private async ValueTask<byte[]?> InspectMalformedAsync(ReadOnlyMemory<byte> text)
    {
        var message = new SkimmedMessage();
        message.Scan(text.Span);
        if (!message.SaysCall)
            return null;
        await _calls.RecordRefusalAsync(_scope, message.Id, new McpParams { Name = message.Tool }, _user, OpenCalls.Malformed);
        if (message.Id is { } id)
            _client.Write([.. Answer.ToolError(id, "The request is no JSON: servers differ in whether they take it, and as what.", isSelfContained: false), (byte)'\n']);
        return [];
    }

    // A batch goes on as it is, or without the calls that were refused; their answers are a batch of their own.
    private async ValueTask<byte[]?> InspectBatchAsync(ReadOnlyMemory<byte> json)
    {
        if (JsonRpcMessage.SplitBatch(json) is not { } messages)
            return await InspectMalformedAsync(json);
        List<ReadOnlyMemory<byte>> passing = [];
        List<ReadOnlyMemory<byte>> answers = [];
        foreach (var message in messages)
        {
            if (JsonRpcMessage.Parse(message) is not { } parsed || await LookAsync(parsed) is not { } answer)
                passing.Add(message);
            else if (answer.Length > 0)
                answers.Add(answer);
        }

        if (passing.Count == messages.Count)
            return null;
        if (answers.Count > 0)
            _client.Write(Batch.Join(answers));
        return passing.Count == 0 ? [] : Batch.Join(passing);
    }

    /// <returns><c>null</c>: the message passes. Otherwise the answer to it, empty if it wants none.</returns>
    private async ValueTask<byte[]?> LookAsync(JsonRpcMessage message)
    {
        switch (message.Method)
        {
            case "tools/call":
                return await CallAsync(message.Id, McpParams.Parse(message.Params), message.IsAmbiguous);
            case not null when message.IsAmbiguous:
                return await CallAsync(message.Id, McpParams.Parse(message.Params), isAmbiguous: true);
            case "notifications/cancelled":
                await _calls.CancelAsync(_scope, McpParams.Parse(message.Params));
                break;
            case "initialize":
                _scope.ClientName = McpParams.Parse(message.Params).ClientName;
                break;
            case "tasks/get" or "tasks/result" or "tasks/cancel":
                _calls.AskForTask(_scope, message.Id, message.Method, McpParams.Parse(message.Params));
                break;
        }

        return null;
    }

    // Which tool is called depends on the server where a member stands there in two spellings: passing that would be a way round the policy.
    private async ValueTask<byte[]?> CallAsync(JsonRpcId? id, McpParams request, bool isAmbiguous)
    {
        if (isAmbiguous || request.IsAmbiguous)
        {
            await _calls.RecordRefusalAsync(_scope, id, request, _user, OpenCalls.Ambiguous);
            return Refused("The request has a member in two spellings: servers differ in which they take.");
        }

        var (call, refusal) = await _calls.BeginAsync(_scope, id, request, _user);
        if (call is null)
            return Refused(refusal!);
        await _calls.AddAsync(_scope, id, call);
        return null;

        byte[] Refused(string why) => id is { } asked ? Answer.ToolError(asked, why, request.IsSelfContained) : [];
    }
}
