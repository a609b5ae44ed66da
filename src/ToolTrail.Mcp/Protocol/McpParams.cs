using System.Diagnostics;
using System.Text.Json;

namespace ToolTrail.Mcp.Protocol;

/// <summary>What the proxy looks at in the parameters of a request or a notification, of either protocol era.</summary>
internal struct McpParams
{
    private Spelling _nameIs;
    private Spelling _argumentsIs;

    /// <summary>Whether the tool's name or its arguments stand there in two spellings.</summary>
    public readonly bool IsAmbiguous => _nameIs.IsAmbiguous || _argumentsIs.IsAmbiguous;

    /// <summary><c>tools/call</c>: the tool's name.</summary>
    public string? Name { get; set; }

    /// <summary><c>tools/call</c>: the arguments' JSON; empty if there are none.</summary>
    public ReadOnlyMemory<byte> Arguments { get; set; }

    /// <summary><c>tools/call</c>, 2026-07-28: the state that an <c>input_required</c> answer gave, given back.</summary>
    public string? RequestState { get; private set; }

    /// <summary><c>tools/call</c>, 2026-07-28: whether it brings the input that an <c>input_required</c> answer asked for.</summary>
    public bool HasInputResponses { get; private set; }

    /// <summary>Whether this is the retry of a call that asked for input.</summary>
    public readonly bool IsRetry => HasInputResponses || RequestState is not null;

    /// <summary>The client's name: from <c>initialize</c>, or (2026-07-28) from the request's <c>_meta</c>.</summary>
    public string? ClientName { get; private set; }

    /// <summary>Whether the request names its protocol version itself, as all do from 2026-07-28 on.</summary>
    public bool IsSelfContained { get; private set; }

    /// <summary>The host's own id of the call, of the request's <c>_meta</c>: Claude Code says its <c>tool_use_id</c>.</summary>
    public string? HostCallId { get; private set; }

    /// <summary>The W3C trace context of the request's <c>_meta</c>.</summary>
    public ActivityContext TraceContext { get; private set; }

    /// <summary><c>notifications/cancelled</c>: the request that is given up.</summary>
    public JsonRpcId? RequestId { get; private set; }

    /// <summary><c>notifications/cancelled</c>: why.</summary>
    public string? Reason { get; private set; }

    /// <summary><c>tasks/…</c>: the task.</summary>
    public string? TaskId { get; private set; }

    /// <summary>Reads the parameters of a parsed message, which they go on pointing into.</summary>
    public static McpParams Parse(ReadOnlyMemory<byte> json)
    {
        var parameters = new McpParams();
        var reader = Json.Reader(json);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return parameters;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            parameters.ReadMember(ref reader, json);
        return parameters;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (_nameIs.Is(ref reader, "name"u8))
            Name = reader.ReadString();
        else if (_argumentsIs.Is(ref reader, "arguments"u8))
            Arguments = reader.ReadValue(json);
        else if (reader.NameIs("_meta"u8))
            ReadMeta(reader.ReadValue(json));
        else if (reader.NameIs("requestState"u8))
            RequestState = reader.ReadString();
        else if (reader.NameIs("inputResponses"u8))
            HasInputResponses = !reader.ReadValue(json).IsEmpty;
        else if (reader.NameIs("clientInfo"u8))
            ClientName = ReadName(reader.ReadValue(json));
        else if (reader.NameIs("requestId"u8))
        {
            reader.Read();
            RequestId = JsonRpcId.Read(ref reader);
        }
        else if (reader.NameIs("reason"u8))
            Reason = reader.ReadString();
        else if (reader.NameIs("taskId"u8))
            TaskId = reader.ReadString();
        else
            reader.ReadValue(json);
    }

    private void ReadMeta(ReadOnlyMemory<byte> json)
    {
        var reader = Json.Reader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("io.modelcontextprotocol/clientInfo"u8))
                ClientName = ReadName(reader.ReadValue(json));
            else if (reader.NameIs("io.modelcontextprotocol/protocolVersion"u8))
                IsSelfContained = reader.ReadString() is not null;
            else if (reader.NameIs("claudecode/toolUseId"u8))
                HostCallId = reader.ReadString();
            else if (reader.NameIs("traceparent"u8))
                TraceContext = ActivityContext.TryParse(reader.ReadString(), null, out var context) ? context : default;
            else
                reader.ReadValue(json);
        }
    }

    private static string? ReadName(ReadOnlyMemory<byte> json)
    {
        string? name = null;
        var reader = Json.Reader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("name"u8))
                name = reader.ReadString();
            else
                reader.ReadValue(json);
        }

        return name;
    }
}
