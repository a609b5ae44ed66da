using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Hooks;
using ToolTrail.Recording;

namespace ToolTrail.Fuzz.Targets;

/// <summary>
/// An input as what a host's hooks are told, one after the other, with form feeds between them; the last is the host's own record of the session. Each is taken or
/// refused, and every answer is JSON or nothing.
/// </summary>
internal sealed class HooksTarget : IFuzzTarget
{
    private const int MostEvents = 8;

    private readonly ScratchFolder _folder = new();
    private readonly TrailHome _home;
    private readonly TrailConfiguration _configuration;
    private readonly string _transcript;
    private ToolCallRecorder? _recorder;

    public HooksTarget()
    {
        _home = TrailHome.Open(_folder.At("home"));
        _transcript = _folder.At("transcript.jsonl");
        _configuration = TrailConfiguration.Fixed(new TrailSettings
        {
            Integrity = new IntegritySettings { Seal = false },
            Policy = [new PolicyRule { Name = "no-shell", Effect = PolicyEffect.Deny, Tool = "Shell*" }],
        });
    }

    public void Run(byte[] input)
    {
        // What one input leaves open is nothing to the next.
        _recorder?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (Directory.Exists(_folder.At("home", "ann")))
            Directory.Delete(_folder.At("home", "ann"), recursive: true);
        _recorder = ToolCallRecorder.Open(_home, _configuration, new FixedClock());
        var capture = new HookCapture(_home, _configuration, _recorder, new FixedClock()) { ReadsTranscripts = true };
        var parts = InputParts.Of(input, MostEvents);
        File.WriteAllBytes(_transcript, parts[^1]);
        foreach (var host in HookHost.All)
        {
            foreach (var part in parts)
                Take(capture, host, part);
            Take(capture, host, JsonSerializer.SerializeToUtf8Bytes(new { hook_event_name = "SessionEnd", session_id = "s", transcript_path = _transcript }));
        }
    }

    public void Dispose()
    {
        _recorder?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _configuration.Dispose();
        _folder.Dispose();
    }

    private static void Take(HookCapture capture, HookHost host, byte[] told)
    {
        byte[] answer;
        try
        {
            answer = capture.TakeAsync(host, told, "ann").GetAwaiter().GetResult();
        }
        catch (HookInputException e)
        {
            answer = capture.RefuseUnasked(host, told, e.Message);
        }

        if (answer.Length > 0)
            JsonDocument.Parse(answer).Dispose();
    }
}
