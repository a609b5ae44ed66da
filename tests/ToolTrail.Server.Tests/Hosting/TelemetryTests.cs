using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(signal, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", OtlpEndpoint = collector.Urls.First() });
        var client = await server.ClientAsync(Role.Auditor);
        await server.RecordAsync("alice", "t");
        await client.GetJsonAsync("/api/audit/recent?user=alice");

        server.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
        server.App.Services.GetRequiredService<TracerProvider>().ForceFlush();

        Assert.Contains("tooltrail.", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("/api/audit/recent", received["traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("tt_", received["traces"], StringComparison.Ordinal);
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
