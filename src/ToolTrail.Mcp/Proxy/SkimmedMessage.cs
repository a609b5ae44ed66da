using System.Text.Json;
using ToolTrail.Mcp.Protocol;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// What can be said of a message from reading it once as it goes by, in constant memory: the short members of the message itself and of its parameters, its result
/// and its error. For messages that are too long to be held, or no JSON to a parser that is strict.
/// </summary>
internal sealed class SkimmedMessage
{
    // No id, method or name that matters is longer; a longer one counts as absent.
    private const int LongestToken = 1024;

    // Members are told apart in the message (1) and in what it holds (2); whatever is deeper is counted only.
    private const int DeepestMembers = 2;

    private readonly bool[] _isObject = new bool[DeepestMembers + 1];
    private readonly string?[] _names = new string?[DeepestMembers + 1];
    private readonly HashSet<(int Depth, string Name)> _seen = [];
    private readonly byte[] _token = new byte[LongestToken];
    private int _tokenLength;
    private int _depth;
    private bool _inString;
    private bool _isEscaped;
    private bool _nameComes;

    /// <summary>How long the line is so far, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Whether it began as a JSON object or array.</summary>
    public bool IsJson { get; private set; }

    /// <summary>The message's id, once it has gone by.</summary>
    public JsonRpcId? Id { get; private set; }

    /// <summary>The message's method, once it has gone by.</summary>
    public string? Method { get; private set; }

    /// <summary>The tool that the parameters name, once it has gone by.</summary>
    public string? Tool { get; private set; }

    /// <summary>Whether the message is an answer, as far as it has gone by.</summary>
    public bool IsAnswer { get; private set; }

    /// <summary>Whether the answer says that the call failed, as far as it has gone by.</summary>
    public bool IsError { get; private set; }

    /// <summary>Whether what tells which tool is called stands there twice, as far as it has gone by: the first and the last of two are two messages.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Whether <c>tools/call</c> stands where a method may, as far as it has gone by: also in a batch.</summary>
    public bool SaysCall { get; private set; }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">The line's next bytes; may end anywhere.</param>
    public void Scan(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
            bytes = bytes[(_inString ? ScanString(bytes) : ScanStructure(bytes))..];
    }

    private int ScanString(ReadOnlySpan<byte> bytes)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            Keep(bytes[..1]);
            return 1;
        }

        var found = bytes.IndexOfAny((byte)'"', (byte)'\\');
        var length = found < 0 ? bytes.Length : found + 1;
        Keep(bytes[..length]);
        if (found >= 0 && bytes[found] == '\\')
            _isEscaped = true;
        else if (found >= 0)
        {
            _inString = false;
            EndToken();
        }

        return length;
    }

    private int ScanStructure(ReadOnlySpan<byte> bytes)
    {
        var length = _depth > DeepestMembers ? bytes.IndexOfAny("\"{}[]"u8) : 0;
        if (length != 0)
            return length < 0 ? bytes.Length : length;
        switch (bytes[0])
        {
            case (byte)'"':
                _inString = true;
                Keep(bytes[..1]);
                break;
            case (byte)'{' or (byte)'[':
                EndToken();
                Open(isObject: bytes[0] == '{');
                break;
            case (byte)'}' or (byte)']':
                EndToken();
                _depth = Math.Max(0, _depth - 1);
                break;
            case (byte)',':
                EndToken();
                _nameComes = _depth is > 0 and <= DeepestMembers && _isObject[_depth];
                break;
            case (byte)':':
                _nameComes = false;
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                EndToken();
                break;
            default:
                Keep(bytes[..1]);
                break;
        }

        return 1;
    }

    private void Open(bool isObject)
    {
        if (_depth == 1)
            BeginPart();
        if (++_depth > DeepestMembers)
            return;
        IsJson = true;
        _isObject[_depth] = isObject;
        _names[_depth] = null;
        _nameComes = isObject;
    }

    private void BeginPart()
    {
        IsError |= _names[1] == "error";
        IsAnswer |= _names[1] is "error" or "result";
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_depth is 0 or > DeepestMembers)
            return;
        var room = Math.Min(bytes.Length, LongestToken - _tokenLength);
        bytes[..room].CopyTo(_token.AsSpan(_tokenLength));
        _tokenLength += room;
    }

    // A token that filled its room was perhaps longer: it has no end, so it does not read as JSON.
    private void EndToken()
    {
        if (_tokenLength == 0)
            return;
        var reader = new Utf8JsonReader(_token.AsSpan(0, _tokenLength));
        _tokenLength = 0;
        if (_nameComes)
            _names[_depth] = null;
        try
        {
            reader.Read();
        }
        catch (JsonException)
        {
            // Too long, or no JSON: as if it were not there.
            return;
        }

        if (!_nameComes)
            TakeValue(ref reader);
        else if (reader.TokenType == JsonTokenType.String)
            TakeName(Json.Fold(Json.ReadText(ref reader)));
    }

    private void TakeName(string name)
    {
        _names[_depth] = name;
        if ((_depth, _names[1], name) is (1, _, "method" or "params") or (DeepestMembers, "params", "name"))
            IsAmbiguous |= !_seen.Add((_depth, name));
    }

    private void TakeValue(ref Utf8JsonReader reader)
    {
        SaysCall |= reader.TokenType == JsonTokenType.String && Json.ReadText(ref reader) == "tools/call";
        switch (_depth, _names[1], _names[2])
        {
            case (1, "id", _):
                Id = JsonRpcId.Read(ref reader);
                break;
            case (1, "method", _) when reader.TokenType == JsonTokenType.String:
                Method = Json.ReadText(ref reader);
                break;
            case (DeepestMembers, "params", "name") when reader.TokenType == JsonTokenType.String:
                Tool = Json.ReadText(ref reader);
                break;
            case (DeepestMembers, "result", "iserror"):
                IsError = reader.TokenType == JsonTokenType.True;
                break;
        }
    }
}
