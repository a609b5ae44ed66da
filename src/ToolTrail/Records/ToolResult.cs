using System.Text;

namespace ToolTrail.Records;

/// <summary>
/// What a tool answered, whole, as text. The record keeps its length and its first code points; the rest is looked at while the
/// record is encoded and never stored.
/// </summary>
/// <remarks>Holds the caller's memory and copies nothing: the memory must stay unchanged until the recorder's method returned.</remarks>
public readonly struct ToolResult
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly Form _form;

    private ToolResult(string? text, ReadOnlyMemory<byte> utf8, Form form)
    {
        _text = text;
        _utf8 = utf8;
        _form = form;
    }

    private enum Form : byte
    {
        None,
        Text,
        Utf8,
        Json,
    }

    /// <summary>No result at all, which is not the same as an empty one.</summary>
    public static ToolResult None => default;

    /// <summary>Whether there is a result.</summary>
    public bool HasValue => _form != Form.None;

    /// <summary>The text, when it was given as a string.</summary>
    internal string? Text => _text;

    /// <summary>The bytes, when it was given as UTF-8 or JSON.</summary>
    internal ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>Whether <see cref="Utf8"/> is a JSON value whose text is its unescaped string, or, for any other value, its raw JSON.</summary>
    internal bool IsJson => _form == Form.Json;

    /// <summary>A result given as text; <c>null</c> is no result.</summary>
    public static ToolResult FromText(string? text) => text is null ? default : new(text, default, Form.Text);

    /// <summary>A result given as UTF-8 text. Invalid bytes become U+FFFD.</summary>
    public static ToolResult FromUtf8(ReadOnlyMemory<byte> utf8) => new(null, utf8, Form.Utf8);

    /// <summary>A result given as one JSON value: a string counts as its text, anything else as its own JSON.</summary>
    public static ToolResult FromJson(ReadOnlyMemory<byte> json) => new(null, json, Form.Json);

    /// <summary>A result given as text.</summary>
    public static implicit operator ToolResult(string? text) => FromText(text);

    /// <inheritdoc/>
    public override string ToString() => _text ?? Encoding.UTF8.GetString(_utf8.Span);
}
