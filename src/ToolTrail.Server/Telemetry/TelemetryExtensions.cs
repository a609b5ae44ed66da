using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ToolTrail.Home;

namespace ToolTrail.Server.Telemetry;

/// <summary>Metrics and traces of the core and of the HTTP server, by OTLP, when an endpoint is configured.</summary>
internal static class TelemetryExtensions
{
    private const string CoreName = "ToolTrail";
    private const int GrpcPort = 4317;

    /// <summary>Exports to <c>server.otlpEndpoint</c>, else to <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, else nothing. The other <c>OTEL_…</c> variables count too.</summary>
    /// <exception cref="TrailConfigurationException">The endpoint is no address.</exception>
    public static void AddTelemetry(this IHostApplicationBuilder builder, ServerSettings settings)
    {
        builder.Configuration.AddInMemoryCollection(Variables());
        var text = settings.OtlpEndpoint ?? builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrEmpty(text))
            return;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new TrailConfigurationException($"The OTLP endpoint '{text}' is not an address like http://127.0.0.1:4317.");

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("tooltrail"))
            .WithMetrics(metrics => metrics.AddMeter(CoreName).AddAspNetCoreInstrumentation())
            .WithTracing(traces => traces.AddSource(CoreName).AddAspNetCoreInstrumentation())
            .UseOtlpExporter(Protocol(builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"], endpoint), endpoint);
    }

    // The port that is gRPC's by convention; OTLP's default elsewhere is HTTP.
    private static OtlpExportProtocol Protocol(string? named, Uri endpoint) => named switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        null or "" => endpoint.Port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        _ => throw new TrailConfigurationException($"OTEL_EXPORTER_OTLP_PROTOCOL '{named}' is neither grpc nor http/protobuf."),
    };

    // The host reads no environment of its own: no variable may move the server to another address.
    private static IEnumerable<KeyValuePair<string, string?>> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal))
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value));
}
