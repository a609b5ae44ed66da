using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

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
    /// <param name="escaped">Whether they are the inside of a JSON string.</param>
    internal ReadOnlySpan<byte> Bytes(out bool escaped)
    {
        var bytes = _utf8.Span;
        escaped = _form == Form.Json && bytes.Length >= 2 && bytes[0] == '"' && bytes[^1] == '"';
        return escaped ? bytes[1..^1] : bytes;
    }

    /// <summary>Length of the text in Unicode code points.</summary>
    internal long CountCodePoints()
    {
        if (_text is not null)
            return JsonText.CountUtf16(_text);
        var bytes = Bytes(out var escaped);
        return escaped ? JsonText.CountEscaped(bytes) : JsonText.CountUtf8(bytes);
    }

    /// <summary>Hashes the text in UTF-8.</summary>
    internal void AppendTo(IncrementalHash hash)
    {
        if (_text is not null)
        {
            AppendText(hash, _text);
            return;
        }

        var bytes = Bytes(out var escaped);
        if (!escaped || bytes.IndexOf((byte)'\\') < 0)
        {
            hash.AppendData(bytes);
            return;
        }

        var text = ArrayPool<char>.Shared.Rent(bytes.Length);
        AppendText(hash, text.AsSpan(0, JsonText.Unescape(bytes, text)));
        ArrayPool<char>.Shared.Return(text);
    }

    private static void AppendText(IncrementalHash hash, ReadOnlySpan<char> text)
    {
        const int Chunk = 16 * 1024;
        var utf8 = ArrayPool<byte>.Shared.Rent(3 * Math.Min(Chunk, text.Length));
        while (!text.IsEmpty)
        {
            var isLast = text.Length <= Chunk;
            Utf8.FromUtf16(text[..Math.Min(Chunk, text.Length)], utf8, out var read, out var length, isFinalBlock: isLast);
            hash.AppendData(utf8.AsSpan(0, length));
            text = text[read..];
        }

        ArrayPool<byte>.Shared.Return(utf8);
    }

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
