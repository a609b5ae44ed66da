using System.Text.Json;

namespace ToolTrail.Sealing;

/// <summary>Neighbouring lines of a part, by their numbers from 0.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last; the same as <paramref name="First"/> for one line.</param>
public readonly record struct LineRange(long First, long Last)
{
    /// <summary>Whether a line is one of them.</summary>
    public bool Contains(long line) => line >= First && line <= Last;

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"line {First}" : $"lines {First} to {Last}";

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteNumberValue(First);
        json.WriteNumberValue(Last);
        json.WriteEndArray();
    }

    internal static LineRange Read(JsonElement json) => new(json[0].GetInt64(), json[1].GetInt64());
}
