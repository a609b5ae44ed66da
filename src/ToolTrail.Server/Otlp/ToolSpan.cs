using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Server.Otlp;

/// <summary>
/// A span that says that a tool ran, as OpenTelemetry's conventions for generative AI describe it
/// (<c>https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span</c>).
/// </summary>
internal static class ToolSpan
{
    private const string Operation = "execute_tool";

    /// <summary>Whether a span is one.</summary>
    public static bool Is(SpanData span) =>
        span.Attributes.Text("gen_ai.operation.name") is { } operation ? operation == Operation : span.Name.StartsWith($"{Operation} ", StringComparison.Ordinal);

    /// <summary>On whose behalf it says that the tool ran; <c>null</c>: it does not.</summary>
    public static string? UserOf(SpanData span) => span.Attributes.Text("user.id", "enduser.id");

    /// <summary>The record of it. Its id is the span's, so that a span sent again is not stored again.</summary>
    /// <exception cref="RecordRefusedException">The span is not whole.</exception>
    public static ToolCallRecord ToRecord(SpanData span, string user)
    {
        var attributes = span.Attributes;
        if (span.TraceId is null || span.SpanId is null)
            throw new RecordRefusedException("It has no trace id of 16 bytes, or no span id of 8.");
        if ((span.Problem ?? attributes.Problem) is { } problem)
            throw new RecordRefusedException($"The span cannot be read: {problem}.");
        var tool = attributes.Text("gen_ai.tool.name") ?? (span.Name.StartsWith($"{Operation} ", StringComparison.Ordinal) ? span.Name[(Operation.Length + 1)..] : span.Name);
        if (string.IsNullOrWhiteSpace(tool))
            throw new RecordRefusedException("It names no tool, neither in gen_ai.tool.name nor in its own name.");
        return OutcomeOf(span).ApplyTo(new ToolCallRecord
        {
            User = user,
            Tool = tool,
            Arguments = attributes.Json("gen_ai.tool.call.arguments"),
            Timestamp = span.End == 0 ? null : TimeOf(span.End),
            Id = $"{span.TraceId}-{span.SpanId}",
            CallId = attributes.Text("gen_ai.tool.call.id"),
            Session = attributes.Text("gen_ai.conversation.id", "session.id"),
            Agent = attributes.Text("gen_ai.agent.name", "service.name"),
            Engine = attributes.Text("gen_ai.provider.name", "gen_ai.system"),
            Model = attributes.Text("gen_ai.response.model", "gen_ai.request.model"),
            Source = "otlp",
            Server = attributes.Text("mcp.server.name"),
            DurationMs = span.End >= span.Start && span.Start > 0 ? Math.Round((span.End - span.Start) / 1e6, 3) : null,
            TraceId = span.TraceId,
            SpanId = span.SpanId,
        });
    }

    // The conventions know no "denied", and of the others only what the error's type says. What the span says is the error's message and never the reason,
    // which is recorded at every level.
    private static ToolCallOutcome OutcomeOf(SpanData span)
    {
        var result = ResultOf(span.Attributes);
        var type = span.Attributes.Text("error.type");
        if (type is null && !span.IsError)
            return ToolCallOutcome.Ok(result);
        var error = new ToolCallError(type ?? "_OTHER", span.Message.Length > 0 ? span.Message : null);
        if (type?.Contains("timeout", StringComparison.OrdinalIgnoreCase) == true)
            return ToolCallOutcome.TimedOut("the span's error.type says timeout") with { Result = result, Error = error };
        if (type?.Contains("cancel", StringComparison.OrdinalIgnoreCase) == true || type == "AbortError")
            return ToolCallOutcome.Cancelled("the span's error.type says cancelled") with { Result = result, Error = error };
        return ToolCallOutcome.Failed(error, result);
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
