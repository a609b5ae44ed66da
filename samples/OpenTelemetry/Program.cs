// A program that knows nothing of ToolTrail: its library makes spans of its tool calls, and the exporter sends them to the trail. TOOLTRAIL_URL and
// TOOLTRAIL_KEY say where: a server, and a key made by `tooltrail keys add --role producer --user ann`. Run it, then look: tooltrail recent --user ann
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using ToolTrail.Samples;

const string Name = "Notes";
// The exporter would keep a refusal to itself.
var key = Environment.GetEnvironmentVariable("TOOLTRAIL_KEY") ?? throw new InvalidOperationException("Set TOOLTRAIL_KEY: 'tooltrail keys add --role producer --user ann' makes a key.");
var url = Environment.GetEnvironmentVariable("TOOLTRAIL_URL") ?? "http://127.0.0.1:5280";
using var traces = Sdk.CreateTracerProviderBuilder().AddSource(Name)
    .AddOtlpExporter(exporter =>
    {
        exporter.Endpoint = new Uri($"{url}/v1/traces");
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Headers = $"Authorization=Bearer {key}";
    })
    .Build();

using var model = new DemoModel();
using var client = model.AsBuilder()
    .UseFunctionInvocation()
    .UseOpenTelemetry(sourceName: Name, configure: spans => spans.EnableSensitiveData = true) // else without arguments and results
    .Build();
var options = new ChatOptions { Tools = [AIFunctionFactory.Create(ReadNote, "ReadNote")] };
Console.WriteLine(await client.GetResponseAsync("What is on my list?", options));

static string ReadNote(string name) => name == "todo.txt" ? "buy milk" : throw new FileNotFoundException("There is no such note.", name);
