using System.Text.Json;

namespace ToolTrail.Verification;

/// <summary>What verification says of a trail.</summary>
/// <param name="Installation">Whose trail.</param>
/// <param name="Log">The seal log.</param>
/// <param name="Parts">Each part that is there or should be, in order.</param>
public sealed record TrailVerdict(string Installation, LogVerdict Log, IReadOnlyList<PartVerdict> Parts)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsIntact => Log.Findings.Count == 0 && Parts.All(part => part.Findings.Count == 0);

    /// <summary>Writes it as one JSON object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteBoolean("intact", IsIntact);
        json.WriteString("installation", Installation);
        json.WriteStartObject("seal_log");
        if (Log.Head is { } head)
        {
            json.WriteNumber("entries", head.Size);
            json.WriteString("root", head.Root.ToString());
        }

        Write(json, Log.Findings, Log.Remarks);
        json.WriteEndObject();
        json.WriteStartArray("parts");
        foreach (var part in Parts)
        {
            json.WriteStartObject();
            json.WriteString("user_folder", part.Part.UserFolder);
            json.WriteString("file", part.Part.File.ToString());
            json.WriteNumber("lines", part.Lines);
            json.WriteNumber("sealed_lines", part.SealedLines);
            Write(json, part.Findings, part.Remarks);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Finding> findings, IReadOnlyList<string> remarks)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Kind.ToString()));
            json.WriteString("message", finding.Message);
            if (finding.Lines is { } lines)
            {
                json.WriteNumber("first_line", lines.First);
                json.WriteNumber("last_line", lines.Last);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("remarks");
        foreach (var remark in remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
    }
}
