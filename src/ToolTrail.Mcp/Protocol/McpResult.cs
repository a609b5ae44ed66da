using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Protocol;

/// <summary>What the proxy looks at in a result, or in a task's state: of a tool, of a task, of either protocol era.</summary>
internal struct McpResult
{
    private ReadOnlyMemory<byte> _json;
    private ReadOnlyMemory<byte> _firstText;
    private List<string>? _texts;

    /// <summary>2026-07-28: <c>complete</c>, <c>input_required</c> or <c>task</c>; <c>null</c> in earlier eras.</summary>
    public string? ResultType { get; private set; }

    /// <summary>Whether the tool says that it failed.</summary>
    public bool IsError { get; private set; }

    /// <summary><c>input_required</c>: what the retry gives back.</summary>
    public string? RequestState { get; private set; }

    /// <summary>The task that stands for the result; <c>null</c>: none.</summary>
    public string? TaskId { get; private set; }

    /// <summary>The task's status.</summary>
    public string? TaskStatus { get; private set; }

    /// <summary>What the task says of its status.</summary>
    public string? TaskMessage { get; private set; }

    /// <summary>The finished task's own result (2026-07-28).</summary>
    public ReadOnlyMemory<byte> TaskResult { get; private set; }

    /// <summary>The failed task's own JSON-RPC error (2026-07-28).</summary>
    public ReadOnlyMemory<byte> TaskError { get; private set; }

    /// <summary>The text contents, a line end between two of them; the whole result's JSON if there are none.</summary>
    /// <remarks>May point into the parsed JSON.</remarks>
    public readonly ToolResult Text =>
        _texts is not null ? ToolResult.FromText(string.Join('\n', _texts))
        : ToolResult.FromJson(_firstText.IsEmpty ? _json : _firstText);

    /// <summary>The first text content.</summary>
    public readonly string? FirstText => _texts is not null ? _texts[0] : Decode(_firstText);

    /// <summary>Reads a result, or a task's state, which it goes on pointing into; empty if an answer has none.</summary>
    public static McpResult Parse(ReadOnlyMemory<byte> json)
    {
        var result = new McpResult { _json = json };
        var reader = Json.Reader(json);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return result;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            result.ReadMember(ref reader, json);
        return result;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.NameIs("content"u8))
            ReadContent(reader.ReadValue(json));
        else if (reader.NameIs("isError"u8))
            IsError = reader.ReadValue(json).Span.SequenceEqual("true"u8);
        else if (reader.NameIs("resultType"u8))
            ResultType = reader.ReadString();
        else if (reader.NameIs("requestState"u8))
            RequestState = reader.ReadString();
        else if (reader.NameIs("task"u8))
            ReadTask(reader.ReadValue(json));
        else
            ReadTaskMember(ref reader, json);
    }

    // 2025-11-25 puts the task into a member of its own, 2026-07-28 beside the rest.
    private void ReadTask(ReadOnlyMemory<byte> json)
    {
        var reader = Json.Reader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            ReadTaskMember(ref reader, json);
    }

    private void ReadTaskMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.NameIs("taskId"u8))
            TaskId = reader.ReadString();
        else if (reader.NameIs("status"u8))
            TaskStatus = reader.ReadString();
        else if (reader.NameIs("statusMessage"u8))
            TaskMessage = reader.ReadString();
        else if (reader.NameIs("result"u8))
            TaskResult = reader.ReadValue(json);
        else if (reader.NameIs("error"u8))
            TaskError = reader.ReadValue(json);
        else
            reader.ReadValue(json);
    }

    private void ReadContent(ReadOnlyMemory<byte> json)
    {
        var reader = Json.Reader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            AddText(TextOf(json[start..(int)reader.BytesConsumed]));
        }
    }

    // Nearly every result has one text, which is then neither decoded nor copied here.
    private void AddText(ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
            return;
        if (_firstText.IsEmpty)
        {
            _firstText = text;
            return;
        }

        _texts ??= [Decode(_firstText)!];
        _texts.Add(Decode(text)!);
    }

    private static ReadOnlyMemory<byte> TextOf(ReadOnlyMemory<byte> content)
    {
        ReadOnlyMemory<byte> text = default;
        var isText = false;
        var reader = Json.Reader(content);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("type"u8))
                isText = reader.ReadString() == "text";
            else if (reader.NameIs("text"u8))
                text = reader.ReadValue(content);
            else
                reader.ReadValue(content);
        }

        return isText && !text.IsEmpty && text.Span[0] == '"' ? text : default;
    }

    private static string? Decode(ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
            return null;
        var reader = Json.Reader(text);
        reader.Read();
        return Json.ReadText(ref reader);
    }
}
