// Any .NET program that runs tools for an agent: wrap the one place where it calls them, and every call is in the trail.
// Run it, then look: tooltrail recent --user ann
using System.Text;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

// The trail that all of this user's processes share; another: TOOLTRAIL_HOME, or a path of your own.
var home = TrailHome.Open(TrailHome.Locate(null));
using var configuration = TrailConfiguration.Load(home);
await using var recorder = ToolCallRecorder.Open(home, configuration);

// What a model might ask for: a tool's name and its arguments as JSON.
await DispatchAsync("read_file", """{"path":"notes.txt"}""");
await DispatchAsync("read_file", """{"path":"missing.txt"}""");
await DispatchAsync("format_disk", """{"disk":"/dev/sda"}""");
await DispatchAsync("slow_search", """{"q":"everything","api_key":"s3cret"}""");

async Task DispatchAsync(string tool, string arguments)
{
    var call = new ToolCallRecord { User = "ann", Agent = "sample", Source = "sample", Tool = tool, Arguments = Encoding.UTF8.GetBytes(arguments) };
    try
    {
        var answer = await recorder.RunAsync(call, cancellationToken => RunToolAsync(tool, arguments, cancellationToken));
        Console.WriteLine($"{tool}: {answer}");
    }
    catch (Exception e) when (e is not TrailWriteException)
    {
        // The trail has it already: as error, denied, cancelled or timeout. The model gets to hear of it.
        Console.WriteLine($"{tool}: {e.GetType().Name}");
    }
}

// Your tools.
static Task<string> RunToolAsync(string tool, string arguments, CancellationToken cancellationToken) => tool switch
{
    "read_file" when arguments.Contains("notes.txt", StringComparison.Ordinal) => Task.FromResult("buy milk"),
    "read_file" => throw new FileNotFoundException("There is no such file."),
    "format_disk" => throw new UnauthorizedAccessException("This agent may not format disks."),
    "slow_search" => throw new TimeoutException("No answer in 30 s."),
    _ => throw new InvalidOperationException($"There is no tool '{tool}'."),
};
