using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolTrail.Server.Access;

/// <summary>Roles in JSON by their names.</summary>
internal sealed class RoleConverter : JsonConverter<Role>
{
    public override Role Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RoleNames.TryParse(reader.GetString(), out var role) ? role : throw new JsonException($"A role is one of {RoleNames.All}.");

    public override void Write(Utf8JsonWriter writer, Role value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
}
