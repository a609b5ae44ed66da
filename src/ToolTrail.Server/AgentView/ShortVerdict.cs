using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Verification;

namespace ToolTrail.Server.AgentView;

/// <summary>A verdict, as an answer carries it.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="Verdict">The whole of it; <c>null</c>: nothing is signed, so nothing can be said.</param>
internal sealed record ShortVerdict(DateTimeOffset Time, TrailVerdict? Verdict)
{
    private const int MostListed = 20;

    /// <summary>Writes it as one JSON object: all that is wrong, and of the last files up to which record they were sealed.</summary>
    public void WriteTo(Utf8JsonWriter json, TrailHome home)
    {
        json.WriteStartObject();
        if (Verdict is { } verdict)
            json.WriteBoolean("intact", verdict.IsIntact);
        else
            json.WriteNull("intact");
        json.WriteString("made", Time);
        json.WriteString("installation", home.Installation);
        json.WriteStartArray("findings");
        foreach (var finding in Verdict?.Log.Findings ?? [])
            json.WriteStringValue($"seal log: {finding.Message}");
        foreach (var (part, finding) in Parts.SelectMany(part => part.Findings.Select(finding => (part, finding))))
            json.WriteStringValue($"{FileOf(part)}: {finding.Message}");
        json.WriteEndArray();
        json.WriteStartArray("verified");
        foreach (var part in Parts.TakeLast(MostListed))
        {
            json.WriteStartObject();
            json.WriteString("file", FileOf(part));
            json.WriteNumber("lines", part.Lines);
            json.WriteNumber("sealed_lines", part.SealedLines);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private IReadOnlyList<PartVerdict> Parts => Verdict?.Parts ?? [];

    private static string FileOf(PartVerdict part) => $"{part.Part.UserFolder}/tool_audit/{part.Part.File}";
}
