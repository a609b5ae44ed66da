// The least that records a tool call. Run it, then look: tooltrail recent
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

var home = TrailHome.Open(TrailHome.Locate(null));
using var configuration = TrailConfiguration.Load(home);
await using var recorder = ToolCallRecorder.Open(home, configuration);
var call = new ToolCallRecord { User = "ann", Tool = "add", Arguments = """{"a":1,"b":2}"""u8.ToArray() };
var sum = await recorder.RunAsync(call, _ => Task.FromResult(1 + 2));

Console.WriteLine(sum);
