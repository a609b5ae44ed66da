using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ToolTrail.Integrity;
using ToolTrail.Records;

namespace ToolTrail.Sealing;

/// <summary>Something that happened to a trail, as the seal log keeps it: one line of JSON in a signed note. Immutable.</summary>
public sealed record SealEvent
{
    /// <summary>What happened.</summary>
    public required SealEventKind Kind { get; init; }

    /// <summary>When, at milliseconds.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The part it happened to, as its checkpoints name it; <c>null</c> for a rotation.</summary>
    public string? Origin { get; init; }

    /// <summary>Lines of the part then.</summary>
    public long? Size { get; init; }

    /// <summary>The root of the part's tree then.</summary>
    public MerkleHash? Root { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>The key that signed until then.</summary>
    public string? OldKey { get; init; }

    /// <summary>The key that signs from then on.</summary>
    public string? NewKey { get; init; }

    /// <summary>Which lines, in ascending order.</summary>
    public IReadOnlyList<LineRange> Lines { get; init; } = [];

    /// <summary>What stays readable of them; may be less than all.</summary>
    public IReadOnlyList<KeptFields> Kept { get; init; } = [];

    /// <summary>An event of a part as it is.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="time">When.</param>
    /// <param name="part">What the part's checkpoint says, or would say.</param>
    internal static SealEvent Of(SealEventKind kind, DateTimeOffset time, Checkpoint part) =>
        new() { Kind = kind, Time = time, Origin = part.Origin, Size = part.Size, Root = part.Root };

    /// <summary>The text of the note.</summary>
    /// <param name="installation">Whose log.</param>
    public string ToText(string installation)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
            Write(json);
        return $"{Header(installation)}{Encoding.UTF8.GetString(output.WrittenSpan)}\n";
    }

    /// <summary>Reads the text of a note.</summary>
    /// <returns><c>null</c> when it is no event of this installation.</returns>
    /// <exception cref="IntegrityFormatException">It is one, and not in its format.</exception>
    public static SealEvent? Parse(string installation, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Header(installation), StringComparison.Ordinal))
            return null;
        try
        {
            using var json = JsonDocument.Parse(text.AsMemory(Header(installation).Length));
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            or OverflowException or IndexOutOfRangeException)
        {
            // Each of the accessors has its own way to say that a member is not what it has to be.
            throw new IntegrityFormatException($"An event of the seal log cannot be read: {e.Message}");
        }
    }

    private static string Header(string installation) => $"{installation}/event\n";

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("event", Kind.ToString().ToLowerInvariant());
        Span<byte> time = stackalloc byte[Rfc3339.Length];
        Rfc3339.Write(Time, time);
        json.WriteString("time", time);
        WriteIfGiven(json, "origin", Origin);
        if (Size is { } size)
            json.WriteNumber("size", size);
        WriteIfGiven(json, "root", Root?.ToString());
        WriteIfGiven(json, "old_key", OldKey);
        WriteIfGiven(json, "new_key", NewKey);
        WriteIfGiven(json, "reason", Reason);
        if (Lines.Count > 0)
        {
            json.WriteStartArray("lines");
            foreach (var range in Lines)
                range.Write(json);
            json.WriteEndArray();
        }

        if (Kept.Count > 0)
        {
            json.WriteStartArray("kept");
            foreach (var kept in Kept)
                kept.Write(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteIfGiven(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static SealEvent Read(JsonElement json) => new()
    {
        Kind = Enum.Parse<SealEventKind>(json.GetProperty("event").GetString()!, ignoreCase: true),
        Time = DateTimeOffset.Parse(json.GetProperty("time").GetString()!, CultureInfo.InvariantCulture),
        Origin = Text(json, "origin"),
        Size = json.TryGetProperty("size", out var size) ? size.GetInt64() : null,
        Root = Text(json, "root") is { } root ? Base64Text.DecodeHash(root, "The root of an event") : null,
        OldKey = Text(json, "old_key"),
        NewKey = Text(json, "new_key"),
        Reason = Text(json, "reason"),
        Lines = json.TryGetProperty("lines", out var lines) ? [.. lines.EnumerateArray().Select(LineRange.Read)] : [],
        Kept = json.TryGetProperty("kept", out var kept) ? [.. kept.EnumerateArray().Select(KeptFields.Read)] : [],
    };

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
