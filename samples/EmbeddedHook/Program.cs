// A hook of Claude Code that records: what it is told comes on standard input, what it answers goes to standard output. Run it, then look: tooltrail recent
//   echo '{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Read","tool_input":{"file_path":"a"},"tool_use_id":"t1"}' | dotnet run
using ToolTrail.Home;
using ToolTrail.Hooks;
using ToolTrail.Recording;

using var input = new MemoryStream();
await Console.OpenStandardInput().CopyToAsync(input);

var home = TrailHome.Open(TrailHome.Locate(null));
using var configuration = TrailConfiguration.Load(home);
await using var recorder = ToolCallRecorder.Open(home, configuration);
var capture = new HookCapture(home, configuration, recorder);
var answer = await capture.TakeAsync(HookHost.Find("claude-code")!, input.ToArray(), user: "ann");
await Console.OpenStandardOutput().WriteAsync(answer);
