using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ToolTrail.Verification;

namespace ToolTrail.Cli.Output;

/// <summary>A verdict as one JSON object, the same that <c>GET /api/audit/verify</c> answers.</summary>
internal static class VerdictJson
{
    public static ReadOnlySpan<byte> Encode(TrailVerdict verdict)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        verdict.WriteTo(json);
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <summary>A finding's kind, as it is written.</summary>
    public static string NameOf(FindingKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
