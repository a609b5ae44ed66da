using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Otlp.Wire;

namespace ToolTrail.Server.Otlp;

/// <summary>
/// A span that says that a tool ran, as OpenTelemetry's conventions for generative AI describe it
/// (<c>https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span</c>).
/// </summary>
internal static class ToolSpan
{
    private const string Operation = "execute_tool";
    private const int ErrorStatus = 2;

    /// <summary>Whether a span is one.</summary>
    public static bool Is(Span span, SpanAttributes attributes) =>
        attributes.Text("gen_ai.operation.name") is { } operation ? operation == Operation : span.Name.StartsWith($"{Operation} ", StringComparison.Ordinal);

    /// <summary>On whose behalf it says that the tool ran; <c>null</c>: it does not.</summary>
    public static string? UserOf(SpanAttributes attributes) => attributes.Text("user.id", "enduser.id");

    /// <summary>The record of it. Its id is the span's, so that a span sent again is not stored again.</summary>
    /// <exception cref="RecordRefusedException">The span is not whole.</exception>
    public static ToolCallRecord ToRecord(Span span, SpanAttributes attributes, string user)
    {
        if (span.TraceId.Length != 16 || span.SpanId.Length != 8)
            throw new RecordRefusedException("A span has no trace id of 16 bytes, or no span id of 8.");
        var trace = Convert.ToHexStringLower(span.TraceId.Span);
        var id = Convert.ToHexStringLower(span.SpanId.Span);
        var outcome = OutcomeOf(span, attributes);
        return new ToolCallRecord
        {
            User = user,
            Tool = attributes.Text("gen_ai.tool.name") ?? (span.Name.StartsWith($"{Operation} ", StringComparison.Ordinal) ? span.Name[(Operation.Length + 1)..] : span.Name),
            Arguments = attributes.Json("gen_ai.tool.call.arguments"),
            Timestamp = span.EndTimeUnixNano == 0 ? null : TimeOf(span.EndTimeUnixNano),
            Status = outcome.Status,
            Result = outcome.Result,
            Error = outcome.Error,
            Reason = outcome.Reason,
            Id = $"{trace}-{id}",
            CallId = attributes.Text("gen_ai.tool.call.id"),
            Session = attributes.Text("gen_ai.conversation.id", "session.id"),
            Agent = attributes.Text("gen_ai.agent.name", "service.name"),
            Engine = attributes.Text("gen_ai.provider.name", "gen_ai.system"),
            Model = attributes.Text("gen_ai.response.model", "gen_ai.request.model"),
            Source = "otlp",
            Server = attributes.Text("mcp.server.name"),
            DurationMs = span.EndTimeUnixNano >= span.StartTimeUnixNano && span.StartTimeUnixNano > 0
                ? Math.Round((span.EndTimeUnixNano - span.StartTimeUnixNano) / 1e6, 3) : null,
            TraceId = trace,
            SpanId = id,
        };
    }

    // The conventions know no "denied", and of the others only what the error's type says.
    private static ToolCallOutcome OutcomeOf(Span span, SpanAttributes attributes)
    {
        var result = ResultOf(attributes);
        var type = attributes.Text("error.type");
        if (type is null && span.Status?.Code != ErrorStatus)
            return ToolCallOutcome.Ok(result);
        var message = span.Status?.Message is { Length: > 0 } said ? said : null;
        if (type?.Contains("timeout", StringComparison.OrdinalIgnoreCase) == true)
            return ToolCallOutcome.TimedOut(message ?? type) with { Result = result };
        if (type?.Contains("cancel", StringComparison.OrdinalIgnoreCase) == true || type == "AbortError")
            return ToolCallOutcome.Cancelled(message ?? type) with { Result = result };
        return ToolCallOutcome.Failed(new ToolCallError(type ?? "_OTHER", message), result);
    }

    // Instrumentations fill it with JSON; what is a text is shown as one, as every other capture shows it.
    private static ToolResult ResultOf(SpanAttributes attributes)
    {
        var json = attributes.Json("gen_ai.tool.call.result");
        if (json.IsEmpty)
            return ToolResult.None;
        var reader = new Utf8JsonReader(json.Span);
        try
        {
            if (json.Span[0] == '"' && reader.Read() && reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && !reader.Read())
                return ToolResult.FromText(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text that only begins like JSON, or one with half a surrogate: it stays as it came.
        }

        return ToolResult.FromUtf8(json);
    }

    private static DateTimeOffset TimeOf(ulong unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
}
