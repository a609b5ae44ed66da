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

    // Most arguments have nothing to escape otherwise and nothing that may be a secret: one look at the whole finds out, and their strings are copied.
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
        try
        {
            var reader = new Utf8JsonReader(json, RecordHeader.ReaderOptions);
            var written = reader.Read() && WriteValue(ref reader) && !reader.Read();
            return written;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            changed = _changed;
        }
    }

    /// <summary>Writes the members of a JSON object, each with a comma before it, but those that the format names.</summary>
    /// <inheritdoc cref="TryWrite"/>
    public bool TryWriteUnknownMembers(ReadOnlySpan<byte> json, RecordLimits limits)
    {
        Begin(json, limits, "");
        try
        {
            var reader = new Utf8JsonReader(json, RecordHeader.ReaderOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            _path.Add(default);
            for (var count = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName && count < _limits.ObjectMembers;)
            {
                if (FieldNames.Of(ref reader) is not (Field.Unknown or Field.Result))
                {
                    reader.Skip();
                    continue;
                }

                count++;
                _text.Line.Write((byte)',');
                if (!WriteMember(ref reader))
                    return false;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Begin(ReadOnlySpan<byte> json, RecordLimits limits, string root)
    {
        (_limits, _root, _changed) = (limits, root, false);
        _path.Clear();
        _plain = JsonText.HasPlainStrings(json);
        _secrets = !_plain || _text.Secrets.MayFindIn(json);
    }

    private bool WriteValue(ref Utf8JsonReader reader)
    {
        // More than a line holds: whatever follows, it will be replaced as a whole.
        if (_text.Line.Length > RecordCodec.MaxLineBytes)
            return false;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return WriteObject(ref reader);
            case JsonTokenType.StartArray:
                return WriteArray(ref reader);
            case JsonTokenType.String:
                _text.Line.Write((byte)'"');
                Note(_text.WriteEscapedCut(reader.ValueSpan, _limits.StringChars, _secrets, _plain));
                _text.Line.Write((byte)'"');
                return true;
            case JsonTokenType.Number when reader.ValueSpan.Length > _limits.StringChars:
                _text.Line.Write((byte)'"');
                Note(_text.WriteEscapedCut(reader.ValueSpan, _limits.StringChars, secrets: false, plain: true));
                _text.Line.Write((byte)'"');
                return true;
            default:
                _text.Line.Write(reader.ValueSpan);
                return true;
        }
    }

    private bool WriteObject(ref Utf8JsonReader reader)
    {
        if (TooDeep(ref reader))
            return true;
        _text.Line.Write((byte)'{');
        _path.Add(default);
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (count == _limits.ObjectMembers)
            {
                WriteRest(ref reader, count, isObject: true);
                break;
            }

            if (count++ > 0)
                _text.Line.Write((byte)',');
            if (!WriteMember(ref reader))
                return false;
        }

        _path.RemoveAt(_path.Count - 1);
        _text.Line.Write((byte)'}');
        return true;
    }

    private bool WriteMember(ref Utf8JsonReader reader)
    {
        var line = _text.Line;
        var raw = reader.ValueSpan;
        line.Write((byte)'"');
        var start = line.Length;
        var change = _text.WriteEscapedCut(raw, _limits.StringChars, _secrets, _plain);
        _path[^1] = new Segment(start, line.Length - start, 0);
        Note(change);
        line.Write("\":"u8);
        var secret = _secrets && _text.Secrets.IsSecretName(_text.Unescape(raw));
        reader.Read();
        if (!secret || reader.TokenType == JsonTokenType.Null)
            return WriteValue(ref reader);

        if (!(reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual("[redacted]"u8)))
            Note(TextChange.Redacted);
        reader.Skip();
        line.Write((byte)'"');
        line.WriteText(SecretFinder.Mark);
        line.Write((byte)'"');
        return true;
    }

    private bool WriteArray(ref Utf8JsonReader reader)
    {
        if (TooDeep(ref reader))
            return true;
        _text.Line.Write((byte)'[');
        _path.Add(new Segment(0, 0, 0));
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == _limits.ArrayItems)
            {
                WriteRest(ref reader, count, isObject: false);
                break;
            }

            if (count > 0)
                _text.Line.Write((byte)',');
            _path[^1] = new Segment(0, 0, count++);
            if (!WriteValue(ref reader))
                return false;
        }

        _path.RemoveAt(_path.Count - 1);
        _text.Line.Write((byte)']');
        return true;
    }

    private bool TooDeep(ref Utf8JsonReader reader)
    {
        if (_path.Count < _limits.Depth)
            return false;
        reader.Skip();
        _text.Line.Write("\"…[nested]\""u8);
        _changed = true;
        return true;
    }

    // What is beyond the limit becomes one marker. A marker that a recorder elsewhere left as the one thing beyond it stays.
    private void WriteRest(ref Utf8JsonReader reader, long count, bool isObject)
    {
        var isMarker = !isObject || reader.ValueSpan.SequenceEqual("…"u8);
        ReadOnlySpan<byte> first = default;
        for (var i = 0; reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject); i++, count++)
        {
            if (isObject)
                reader.Read();
            if (i == 0 && reader.TokenType == JsonTokenType.String)
                first = reader.ValueSpan;
            reader.Skip();
            reader.Read();
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
