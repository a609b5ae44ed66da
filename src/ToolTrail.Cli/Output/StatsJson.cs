using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Output;

/// <summary>Counts as one JSON object, the same that <c>GET /api/audit/stats</c> answers.</summary>
internal static class StatsJson
{
    /// <summary>Encodes the object.</summary>
    /// <param name="stats">The counts.</param>
    /// <param name="user">Whose they are; <c>null</c>: all users', so that they are told apart.</param>
    public static ReadOnlySpan<byte> Encode(TrailStats stats, string? user)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("from", stats.From.ToString("O"));
        writer.WriteString("to", stats.To.ToString("O"));
        writer.WriteNumber("calls", stats.Calls);
        WriteStatuses(writer, stats.ByStatus);
        WriteGroups(writer, "by_tool", stats.ByTool);
        if (user is null)
            WriteGroups(writer, "by_user", stats.ByUser);
        writer.WriteNumber("skipped", stats.Skipped);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteGroups(Utf8JsonWriter writer, string name, IReadOnlyList<CallGroup> groups)
    {
        writer.WriteStartArray(name);
        foreach (var group in groups)
        {
            writer.WriteStartObject();
            writer.WriteString("name", group.Name);
            writer.WriteNumber("calls", group.Calls);
            WriteStatuses(writer, group.ByStatus);
            if (group.Duration is { } duration)
            {
                writer.WriteStartObject("duration_ms");
                writer.WriteNumber("p50", duration.P50);
                writer.WriteNumber("p95", duration.P95);
                writer.WriteNumber("max", duration.Max);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteStatuses(Utf8JsonWriter writer, IReadOnlyDictionary<string, long> counts)
    {
        writer.WriteStartObject("by_status");
        foreach (var (status, count) in counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.WriteNumber(status, count);
        writer.WriteEndObject();
    }
}
