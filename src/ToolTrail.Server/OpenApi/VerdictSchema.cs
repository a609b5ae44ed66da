using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ToolTrail.Verification;

namespace ToolTrail.Server.OpenApi;

/// <summary>A verdict in the API's description.</summary>
internal static class VerdictSchema
{
    /// <summary>Describes a verdict.</summary>
    public static void Fill(OpenApiSchema schema)
    {
        var verdict = Object(
            "What verification says of a trail.",
            [],
            ("intact", Value(JsonSchemaType.Boolean, "Whether nothing is wrong.")),
            ("installation", Value(JsonSchemaType.String, "Whose trail.")),
            ("seal_log", Object(
                "The seal log.",
                ["entries", "root"],
                ("entries", Value(JsonSchemaType.Integer, "Its entries; absent when it cannot be read.")),
                ("root", Value(JsonSchemaType.String, "The root of its tree, base64; absent when it cannot be read.")),
                ("findings", Findings()),
                ("remarks", Remarks()))),
            ("parts", Array("Each part that is there or should be, in order.", Object(
                "A file of a user's day.",
                [],
                ("user_folder", Value(JsonSchemaType.String, "The user's folder.")),
                ("file", Value(JsonSchemaType.String, "The file's name.")),
                ("lines", Value(JsonSchemaType.Integer, "Lines that are there.")),
                ("sealed_lines", Value(JsonSchemaType.Integer, "Lines that the seal log stands for.")),
                ("findings", Findings()),
                ("remarks", Remarks())))));
        (schema.Type, schema.Description, schema.Required, schema.Properties) = (verdict.Type, verdict.Description, verdict.Required, verdict.Properties);
    }

    private static OpenApiSchema Findings()
    {
        var kind = Value(JsonSchemaType.String, "What.");
        kind.Enum = [.. Enum.GetNames<FindingKind>().Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))];
        return Array("What is wrong.", Object(
            "Something that is wrong.",
            ["first_line", "last_line"],
            ("kind", kind),
            ("message", Value(JsonSchemaType.String, "In words.")),
            ("first_line", Value(JsonSchemaType.Integer, "The first line it concerns, from 0; absent when that is not known.")),
            ("last_line", Value(JsonSchemaType.Integer, "The last line it concerns; absent when that is not known."))));
    }

    private static OpenApiSchema Remarks() => Array("What there is to know beside.", Value(JsonSchemaType.String, "In words."));

    private static OpenApiSchema Value(JsonSchemaType type, string description) => new() { Type = type, Description = description };

    private static OpenApiSchema Array(string description, OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Description = description, Items = items };

    private static OpenApiSchema Object(string description, string[] optional, params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = members.Select(member => member.Name).Except(optional).ToHashSet(),
        Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
    };
}
