using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ToolTrail.Home;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hosting;

public sealed class TelemetryTests
{
    [Fact]
    public async Task MetricsAndTraces_GoToTheConfiguredEndpoint_ByOtlp()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", OtlpEndpoint = collector.Address });
        var client = await server.ClientAsync(Role.Auditor);
        await server.RecordAsync("alice", "t");
        await client.GetJsonAsync("/api/audit/recent?user=alice");

        server.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
        server.App.Services.GetRequiredService<TracerProvider>().ForceFlush();

        Assert.Contains("tooltrail.", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("/api/audit/recent", collector.Received("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("tt_", collector.Received("traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_IsExported_WhereNoEndpointIsConfigured()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Null(server.App.Services.GetService<MeterProvider>());
        Assert.Null(server.App.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task Endpoint_ThatIsNoAddress_IsToldBeforeTheServerStarts() =>
        Assert.Contains("OTLP", (await Assert.ThrowsAsync<TrailConfigurationException>(
            () => TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", OtlpEndpoint = "collector" }))).Message, StringComparison.Ordinal);
}
