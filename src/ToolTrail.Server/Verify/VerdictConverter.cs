using System.Text.Json;
using System.Text.Json.Serialization;
using ToolTrail.Verification;

namespace ToolTrail.Server.Verify;

/// <summary>Verdicts as <c>tooltrail verify --json</c> prints them.</summary>
internal sealed class VerdictConverter : JsonConverter<TrailVerdict>
{
    public override TrailVerdict Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A verdict comes from the trail, not from JSON.");

    public override void Write(Utf8JsonWriter writer, TrailVerdict value, JsonSerializerOptions options) => value.WriteTo(writer);
}
