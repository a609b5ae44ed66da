using System.Text.Json;

namespace ToolTrail.Sealing;

/// <summary>What stays readable of a line that was erased.</summary>
/// <param name="Line">Its number, from 0.</param>
/// <param name="Timestamp">Its time stamp, as it stood there.</param>
/// <param name="Tool">The tool; at most its first 64 characters.</param>
/// <param name="Status">How the call ended.</param>
public readonly record struct KeptFields(long Line, string Timestamp, string Tool, string Status)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("line", Line);
        json.WriteString("ts", Timestamp);
        json.WriteString("tool", Tool);
        json.WriteString("status", Status);
        json.WriteEndObject();
    }

    internal static KeptFields Read(JsonElement json) =>
        new(json.GetProperty("line").GetInt64(), json.GetProperty("ts").GetString()!, json.GetProperty("tool").GetString()!, json.GetProperty("status").GetString()!);
}
