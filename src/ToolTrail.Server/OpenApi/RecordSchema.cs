using Microsoft.OpenApi;

namespace ToolTrail.Server.OpenApi;

/// <summary>A record in the API's description: the fields that every record has, and the optional ones.</summary>
internal static class RecordSchema
{
    private static readonly (string Name, JsonSchemaType Type, string Description)[] Fields =
    [
        ("ts", JsonSchemaType.String, "When the call ended (began, for status started): RFC 3339, UTC, milliseconds. Sent: default now."),
        ("user", JsonSchemaType.String, "On whose behalf."),
        ("tool", JsonSchemaType.String, "The tool's name as the model called it."),
        ("args", JsonSchemaType.Object, "The arguments, truncated and redacted."),
        ("status", JsonSchemaType.String, "ok, error, denied, cancelled, timeout, started; lost and recovered on the recorder's own lines."),
        ("result_chars", JsonSchemaType.Integer, "Length of the whole result in Unicode code points."),
        ("result_snippet", JsonSchemaType.String, "Its first code points."),
        ("result", JsonSchemaType.String, "Sent only, instead of the two before: the whole result, a string or any JSON."),
        ("id", JsonSchemaType.String, "Of the call; a started line and its outcome share it. Sent: made if absent; one that was stored before stores nothing."),
        ("call_id", JsonSchemaType.String, "The host's own id of the call."),
        ("session", JsonSchemaType.String, "Conversation or session."),
        ("agent", JsonSchemaType.String, "The agent's name."),
        ("engine", JsonSchemaType.String, "What drove the agent."),
        ("model", JsonSchemaType.String, "The model."),
        ("source", JsonSchemaType.String, "Which capture wrote the record."),
        ("server", JsonSchemaType.String, "The MCP server's name."),
        ("duration_ms", JsonSchemaType.Number, "From begin to end."),
        ("reason", JsonSchemaType.String, "Why denied or refused."),
        ("error", JsonSchemaType.Object, "Type and message."),
        ("trace_id", JsonSchemaType.String, "W3C trace id."),
        ("span_id", JsonSchemaType.String, "W3C span id."),
        ("args_digest", JsonSchemaType.String, "Keyed digest of the whole arguments, where the record does not hold them."),
        ("result_digest", JsonSchemaType.String, "Keyed digest of the whole result, where the record does not hold it."),
        ("redacted", JsonSchemaType.Array, "JSON pointers of the values that redaction replaced."),
    ];

    /// <summary>Describes a record.</summary>
    public static void Fill(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Description = "One tool call, as the record format (docs/record-format.md) defines it. Unknown fields are kept.";
        schema.Required = new HashSet<string> { "user", "tool", "status" };
        schema.Properties = Fields.ToDictionary(field => field.Name, IOpenApiSchema (field) => new OpenApiSchema
        {
            Type = field.Type,
            Description = field.Description,
            Items = field.Type == JsonSchemaType.Array ? new OpenApiSchema { Type = JsonSchemaType.String } : null,
        });
    }
}
