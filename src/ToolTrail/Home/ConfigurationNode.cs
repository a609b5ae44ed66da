using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Home;

/// <summary>A configured JSON value that knows where it stands.</summary>
/// <param name="Kind">Kind of the value's first token.</param>
/// <param name="Text">A string's text, else the JSON of a scalar; empty for lists and objects.</param>
/// <param name="Where">Where it stands, in words for messages.</param>
internal sealed record ConfigurationNode(JsonTokenType Kind, string Text, string Where)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>An object's members, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigurationNode>> Members { get; private init; } = [];

    /// <summary>A list's elements, in order.</summary>
    public IReadOnlyList<ConfigurationNode> Items { get; private init; } = [];

    /// <summary>Reads JSON with comments and trailing commas.</summary>
    /// <param name="json">One value in UTF-8.</param>
    /// <param name="where">Names a line (from 1) in words.</param>
    /// <exception cref="TrailConfigurationException">It is not JSON.</exception>
    public static ConfigurationNode Parse(ReadOnlySpan<byte> json, Func<long, string> where)
    {
        var bytes = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        try
        {
            return new Parser(bytes, where).ParseAll();
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:", 2)[0];
            throw new TrailConfigurationException($"{where((e.LineNumber ?? 0) + 1)}: this is not JSON: {reason}", e);
        }
    }

    /// <summary>What to throw for a value that cannot be taken.</summary>
    /// <param name="path">The key's path.</param>
    /// <param name="expected">What would be right.</param>
    public TrailConfigurationException Wrong(string path, string expected) => new($"{Where}: {path} must be {expected}, and is {Shown()}.");

    private string Shown()
    {
        const int Most = 60;
        return Kind switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => $"\"{(Text.Length > Most ? Text[..Most] + "…" : Text)}\"",
            _ => Text,
        };
    }

    private ref struct Parser
    {
        private readonly ReadOnlySpan<byte> _json;
        private readonly Func<long, string> _where;
        private Utf8JsonReader _reader;
        private long _line = 1;
        private int _counted;

        public Parser(ReadOnlySpan<byte> json, Func<long, string> where)
        {
            _json = json;
            _where = where;
            _reader = new Utf8JsonReader(json, ReaderOptions);
        }

        public ConfigurationNode ParseAll()
        {
            _reader.Read();
            var node = ParseValue();
            // Throws if anything but a comment follows.
            _reader.Read();
            return node;
        }

        private ConfigurationNode ParseValue()
        {
            var where = Where();
            return _reader.TokenType switch
            {
                JsonTokenType.StartObject => new ConfigurationNode(JsonTokenType.StartObject, "", where) { Members = ParseMembers() },
                JsonTokenType.StartArray => new ConfigurationNode(JsonTokenType.StartArray, "", where) { Items = ParseItems() },
                JsonTokenType.String => new ConfigurationNode(JsonTokenType.String, JsonText.Unescape(_reader.ValueSpan), where),
                var scalar => new ConfigurationNode(scalar, Encoding.UTF8.GetString(_reader.ValueSpan), where),
            };
        }

        private List<KeyValuePair<string, ConfigurationNode>> ParseMembers()
        {
            var members = new List<KeyValuePair<string, ConfigurationNode>>();
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.Unescape(_reader.ValueSpan);
                var where = Where();
                _reader.Read();
                if (members.Exists(member => member.Key == name))
                    throw new TrailConfigurationException($"{where}: \"{name}\" stands here a second time; keep one of them.");
                // The name's line, where people look for it, also if the value begins further down.
                members.Add(new(name, ParseValue() with { Where = where }));
            }

            return members;
        }

        private List<ConfigurationNode> ParseItems()
        {
            var items = new List<ConfigurationNode>();
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                items.Add(ParseValue());
            return items;
        }

        private string Where()
        {
            var start = (int)_reader.TokenStartIndex;
            _line += _json[_counted..start].Count((byte)'\n');
            _counted = start;
            return _where(_line);
        }
    }
}
