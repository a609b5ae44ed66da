using System.Text;
using System.Text.Json;

namespace ToolTrail.Records;

/// <summary>Writes a tree of JSON values into the line: redacted by name and shape, cut at the record's limits. One thread at a time.</summary>
internal sealed class ArgumentsWriter
{
    private readonly TextEncoder _text;
    private readonly List<string> _redacted;
    private readonly List<Segment> _path = [];
    private RecordLimits _limits = null!;
    private string _root = "";
    private bool _changed;

    // Most arguments have no character to escape otherwise and no word that a secret begins with: one look at the whole finds out.
    private bool _plain;
    private bool _secrets;

    /// <param name="text">Writes the strings.</param>
    /// <param name="redacted">Receives the JSON pointers of what was redacted.</param>
    public ArgumentsWriter(TextEncoder text, List<string> redacted)
    {
        _text = text;
        _redacted = redacted;
    }

    /// <summary>Writes a JSON object's value.</summary>
    /// <param name="json">One JSON value.</param>
    /// <param name="limits">What is kept.</param>
    /// <param name="root">JSON pointer of the value.</param>
    /// <param name="changed">Whether something was left out.</param>
    /// <returns>False when it is not JSON, or more than a line holds: what was written then has to be taken back.</returns>
    public bool TryWrite(ReadOnlySpan<byte> json, RecordLimits limits, string root, out bool changed)
    {
        Begin(json, limits, root);
        var scanner = new JsonScanner(json);
        var isWhole = scanner.Read() && WriteValue(ref scanner) && scanner.Ends();
        changed = _changed;
        return isWhole;
    }

    /// <summary>Writes the members of a JSON object, each with a comma before it, but those that the format names.</summary>
    /// <inheritdoc cref="TryWrite"/>
    public bool TryWriteUnknownMembers(ReadOnlySpan<byte> json, RecordLimits limits)
    {
        Begin(json, limits, "");
        var scanner = new JsonScanner(json);
        if (!scanner.Read() || scanner.Token != JsonTokenType.StartObject)
            return false;
        _path.Add(default);
        for (var count = 0; scanner.Read() && scanner.Token == JsonTokenType.PropertyName && count < _limits.ObjectMembers;)
        {
            if (FieldNames.Of(scanner.Value, scanner.IsPlain) is not (Field.Unknown or Field.Result))
            {
                scanner.Skip();
                continue;
            }

            count++;
            _text.Line.Write((byte)',');
            if (!WriteMember(ref scanner))
                return false;
        }

        return scanner.Token != JsonTokenType.None;
    }

    private void Begin(ReadOnlySpan<byte> json, RecordLimits limits, string root)
    {
        (_limits, _root, _changed) = (limits, root, false);
        _path.Clear();
        _plain = JsonText.HasPlainCharacters(json);
        _secrets = !_plain || _text.Secrets.MayFindIn(json);
    }

    private bool WriteValue(ref JsonScanner json)
    {
        // More than a line holds: whatever follows, it will be replaced as a whole.
        if (_text.Line.Length > RecordCodec.MaxLineBytes)
            return false;
        switch (json.Token)
        {
            case JsonTokenType.StartObject:
                return WriteObject(ref json);
            case JsonTokenType.StartArray:
                return WriteArray(ref json);
            case JsonTokenType.String:
                _text.Line.Write((byte)'"');
                Note(WriteText(ref json));
                _text.Line.Write((byte)'"');
                return true;
            case JsonTokenType.Number when json.Value.Length > _limits.StringChars:
                _text.Line.Write((byte)'"');
                Note(_text.WriteEscapedCut(json.Value, _limits.StringChars, secrets: false, plain: true));
                _text.Line.Write((byte)'"');
                return true;
            default:
                _text.Line.Write(json.Value);
                return true;
        }
    }

    private TextChange WriteText(ref JsonScanner json) =>
        _text.WriteEscapedCut(json.Value, _limits.StringChars, _secrets || !json.IsPlain, _plain && json.IsPlain);

    private bool WriteObject(ref JsonScanner json)
    {
        if (TooDeep(ref json))
            return true;
        _text.Line.Write((byte)'{');
        _path.Add(default);
        var count = 0;
        while (json.Read() && json.Token == JsonTokenType.PropertyName)
        {
            if (count == _limits.ObjectMembers)
            {
                WriteRest(ref json, count, isObject: true);
                break;
            }

            if (count++ > 0)
                _text.Line.Write((byte)',');
            if (!WriteMember(ref json))
                return false;
        }

        _path.RemoveAt(_path.Count - 1);
        _text.Line.Write((byte)'}');
        return true;
    }

    private bool WriteMember(ref JsonScanner json)
    {
        var line = _text.Line;
        line.Write((byte)'"');
        var start = line.Length;
        var change = WriteText(ref json);
        _path[^1] = new Segment(start, line.Length - start, 0);
        Note(change);
        line.Write("\":"u8);
        var secret = (_secrets || !json.IsPlain) && _text.Secrets.IsSecretName(_text.Unescape(json.Value));
        json.Read();
        if (!secret || json.Token == JsonTokenType.Null)
            return WriteValue(ref json);

        if (!(json.Token == JsonTokenType.String && json.Value.SequenceEqual("[redacted]"u8)))
            Note(TextChange.Redacted);
        json.Skip();
        line.Write((byte)'"');
        line.WriteText(SecretFinder.Mark);
        line.Write((byte)'"');
        return true;
    }

    private bool WriteArray(ref JsonScanner json)
    {
        if (TooDeep(ref json))
            return true;
        _text.Line.Write((byte)'[');
        _path.Add(new Segment(0, 0, 0));
        var count = 0;
        while (json.Read() && json.Token != JsonTokenType.EndArray)
        {
            if (count == _limits.ArrayItems)
            {
                WriteRest(ref json, count, isObject: false);
                break;
            }

            if (count > 0)
                _text.Line.Write((byte)',');
            _path[^1] = new Segment(0, 0, count++);
            if (!WriteValue(ref json))
                return false;
        }

        _path.RemoveAt(_path.Count - 1);
        _text.Line.Write((byte)']');
        return true;
    }

    private bool TooDeep(ref JsonScanner json)
    {
        if (_path.Count < _limits.Depth)
            return false;
        json.Skip();
        _text.Line.Write("\"…[nested]\""u8);
        _changed = true;
        return true;
    }

    // What is beyond the limit becomes one marker. A marker that a recorder elsewhere left as the one thing beyond it stays.
    private void WriteRest(ref JsonScanner json, long count, bool isObject)
    {
        var isMarker = !isObject || json.Value.SequenceEqual("…"u8);
        ReadOnlySpan<byte> first = default;
        for (var i = 0; json.Token is not (JsonTokenType.EndArray or JsonTokenType.EndObject or JsonTokenType.None); i++, count++)
        {
            if (isObject)
                json.Read();
            if (i == 0 && json.Token == JsonTokenType.String)
                first = json.Value;
            json.Skip();
            json.Read();
        }

        var line = _text.Line;
        var (unit, limit) = isObject ? (" members total]", _limits.ObjectMembers) : (" items total]", _limits.ArrayItems);
        line.Write(isObject ? ",\"…\":\""u8 : ",\""u8);
        var marker = Encoding.UTF8.GetString(first[..Math.Min(first.Length, 64)]);
        if (isMarker && count == limit + 1 && marker.StartsWith(isObject ? "[" : "…[", StringComparison.Ordinal) && marker.EndsWith(unit, StringComparison.Ordinal)
            && !marker.AsSpan(marker.IndexOf('[', StringComparison.Ordinal) + 1)[..^unit.Length].ContainsAnyExceptInRange('0', '9'))
        {
            line.WriteText(marker);
        }
        else
        {
            line.WriteText(isObject ? "[" : "…[");
            line.Write(count);
            line.WriteText(unit);
            _changed = true;
        }

        line.Write((byte)'"');
    }

    private void Note(TextChange change)
    {
        if (change == TextChange.None)
            return;
        _changed = true;
        if (change.HasFlag(TextChange.Redacted) && _redacted.Count < RecordEncoder.MostRedacted)
            _redacted.Add(Pointer());
    }

    // RFC 6901, from the names as they were written.
    private string Pointer()
    {
        var pointer = new StringBuilder(_root);
        foreach (var segment in _path)
        {
            pointer.Append('/');
            if (segment.NameLength == 0)
                pointer.Append(segment.Index);
            else
                pointer.Append(JsonText.Unescape(_text.Line.Written.Slice(segment.NameStart, segment.NameLength)).Replace("~", "~0").Replace("/", "~1"));
        }

        return pointer.ToString();
    }

    // Of an object: where its current member's name stands in the line. Of an array: the current element's index.
    private readonly record struct Segment(int NameStart, int NameLength, int Index);
}
