using System.Text.Json;

namespace ToolTrail.Records;

/// <summary>
/// Reads one JSON value token by token. As strict as <see cref="Utf8JsonReader"/>; it fails without an exception, tells which strings stand there
/// as the codec would write them, and reads strings with escapes as fast as others.
/// </summary>
internal ref struct JsonScanner
{
    private readonly ReadOnlySpan<byte> _json;
    private NestingStack _open;
    private int _at;
    private bool _hasFailed;

    /// <param name="json">Any bytes.</param>
    public JsonScanner(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>What was read last; <see cref="JsonTokenType.None"/> before the first token, and once reading has failed.</summary>
    public JsonTokenType Token { get; private set; }

    /// <summary>Of a string or name, what stands between its quotes; of a number or literal, itself.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether a string or name has no other escapes than the two-character ones that the codec writes too.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>Reads the next token.</summary>
    /// <returns>False when there is none, or it is not JSON: for ever then.</returns>
    public bool Read()
    {
        SkipBlanks();
        if (_hasFailed || _at == _json.Length)
            return Fail();
        var next = _json[_at];
        switch (Token)
        {
            case JsonTokenType.None or JsonTokenType.PropertyName:
            case JsonTokenType.StartArray when next != ']':
                return ReadValue(next);
            case JsonTokenType.StartObject when next != '}':
                return ReadName();
            case not (JsonTokenType.StartArray or JsonTokenType.StartObject) when next == ',' && _open.Depth > 0:
                _at++;
                SkipBlanks();
                return _at == _json.Length ? Fail() : _open.IsInObject ? ReadName() : ReadValue(_json[_at]);
            default:
                return ReadEnd(next);
        }
    }

    /// <summary>Goes on to the end of the value that begins here; of a name, to that of its member's value.</summary>
    public void Skip()
    {
        if (Token == JsonTokenType.PropertyName)
            Read();
        if (Token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        for (var depth = _open.Depth; _open.Depth >= depth && Read();)
        {
        }
    }

    /// <summary>Whether the whole value was read, and nothing follows it.</summary>
    public bool Ends()
    {
        SkipBlanks();
        return !_hasFailed && Token != JsonTokenType.None && _open.Depth == 0 && _at == _json.Length;
    }

    private bool ReadValue(byte first) => first switch
    {
        (byte)'"' => ReadText(JsonTokenType.String),
        (byte)'{' => ReadStart(JsonTokenType.StartObject),
        (byte)'[' => ReadStart(JsonTokenType.StartArray),
        (byte)'t' => ReadLiteral("true"u8, JsonTokenType.True),
        (byte)'f' => ReadLiteral("false"u8, JsonTokenType.False),
        (byte)'n' => ReadLiteral("null"u8, JsonTokenType.Null),
        _ => ReadNumber(),
    };

    private bool ReadName()
    {
        if (_json[_at] != '"' || !ReadText(JsonTokenType.PropertyName))
            return Fail();
        SkipBlanks();
        return _at < _json.Length && _json[_at++] == ':' || Fail();
    }

    private bool ReadStart(JsonTokenType token)
    {
        _open.Push(token == JsonTokenType.StartObject);
        _at++;
        Token = token;
        return true;
    }

    private bool ReadEnd(byte bracket)
    {
        if (_open.Depth == 0 || bracket != (_open.IsInObject ? '}' : ']'))
            return Fail();
        Token = _open.IsInObject ? JsonTokenType.EndObject : JsonTokenType.EndArray;
        _open.Pop();
        _at++;
        return true;
    }

    private bool ReadText(JsonTokenType token)
    {
        var start = ++_at;
        IsPlain = true;
        while (true)
        {
            var stop = _json[_at..].IndexOfAny(JsonText.Stops);
            if (stop < 0)
                return Fail();
            _at += stop;
            if (_json[_at] == '"')
                break;
            if (!SkipEscape())
                return Fail();
        }

        Value = _json[start.._at++];
        Token = token;
        return true;
    }

    private bool SkipEscape()
    {
        if (_json[_at] != '\\' || _at + 1 == _json.Length)
            return false;
        var kind = _json[_at + 1];
        _at += 2;
        if (JsonText.ShortEscapes.Contains(kind))
            return true;
        IsPlain = false;
        if (kind != 'u')
            return kind == '/';
        _at += 4;
        return _at <= _json.Length && !_json[(_at - 4).._at].ContainsAnyExcept(JsonText.HexDigits);
    }

    private bool ReadLiteral(ReadOnlySpan<byte> literal, JsonTokenType token) => _json[_at..].StartsWith(literal) ? Take(literal.Length, token) : Fail();

    private bool ReadNumber()
    {
        var start = _json[_at] == '-' ? _at + 1 : _at;
        var end = AfterDigits(start);
        if (end == start || (_json[start] == '0' && end > start + 1))
            return Fail();
        if (end < _json.Length && _json[end] == '.')
        {
            start = end + 1;
            end = AfterDigits(start);
            if (end == start)
                return Fail();
        }

        if (end < _json.Length && _json[end] is (byte)'e' or (byte)'E')
        {
            start = end + 1 < _json.Length && _json[end + 1] is (byte)'+' or (byte)'-' ? end + 2 : end + 1;
            end = AfterDigits(start);
            if (end == start)
                return Fail();
        }

        return Take(end - _at, JsonTokenType.Number);
    }

    private readonly int AfterDigits(int at)
    {
        while (at < _json.Length && char.IsAsciiDigit((char)_json[at]))
            at++;
        return at;
    }

    private bool Take(int length, JsonTokenType token)
    {
        Value = _json.Slice(_at, length);
        _at += length;
        Token = token;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            _at++;
    }

    private bool Fail()
    {
        Token = JsonTokenType.None;
        _hasFailed = true;
        return false;
    }
}
