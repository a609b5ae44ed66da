using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Otlp;

/// <summary>The real SDKs send real spans.</summary>
public sealed class OpenTelemetrySdkTests
{
    [Fact]
    public async Task DotNet_SpansOfTools_AreRecords()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.KeyAsync(Role.Producer, "alice");
        var name = $"test-{Guid.NewGuid():n}";
        using (var source = new ActivitySource(name))
        using (var provider = Sdk.CreateTracerProviderBuilder().AddSource(name).AddOtlpExporter(options =>
        {
            options.Endpoint = new Uri(server.Address, "/v1/traces");
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Headers = $"Authorization=Bearer {key}";
        }).Build())
        {
            using (var agent = source.StartActivity("invoke_agent"))
            using (var tool = source.StartActivity("execute_tool get_weather"))
            {
                tool!.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", "get_weather").SetTag("gen_ai.tool.call.arguments", """{"city":"Oslo"}""");
                tool.SetStatus(ActivityStatusCode.Error, "no network").SetTag("error.type", "System.Net.Http.HttpRequestException");
            }

            Assert.True(provider.ForceFlush(30_000));
        }

        var record = Assert.Single(await server.RecordsAsync("alice"));
        Assert.Equal(("get_weather", ToolCallStatus.Error, "System.Net.Http.HttpRequestException", "no network"), (record.Tool, record.Status, record.Error?.Type, record.Error?.Message));
    }

    [Fact]
    public async Task Node_SpansOfTools_AreRecords()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.KeyAsync(Role.Producer, "*");
        foreach (var exporter in new[] { "http", "proto" })
        {
            await using var node = ToolProcess.StartProgram("node", ["traces.mjs", exporter, new Uri(server.Address, "/v1/traces").ToString(), key], SourceTree.PathOf("tests", "peers"));
            var run = await node.FinishAsync();
            Assert.True(run.ExitCode == 0, run.Errors);
        }

        var records = await server.RecordsAsync("alice");
        Assert.Equal(
            [("get_weather", "ok", "rain", "forecaster"), ("get_weather", "ok", "rain", "forecaster")],
            records.Select(record => (record.Tool, record.Status.Value, record.ResultSnippet!, record.Agent!)));
    }
}
