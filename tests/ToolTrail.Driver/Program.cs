// A process that records what it is told, for tests that kill it, starve it or run several of it. Usage: ToolTrail.Driver HOME
// It reads commands and answers each with a line, in whatever order they end:
//   b USER ID    record in the background    -> "ok ID" once it is queued, or "failed ID message"
//   d USER ID    record durably              -> "ok ID" once it is on disk, or "failed ID message"
//   flush        wait for the disk           -> "ok flush", or "failed flush message"
//   health       how recording goes          -> "health DEGRADED LOST PENDING"
//   clock S      set its clock S seconds forward of the system's -> "ok clock"
//   waited       longest wait of a b since this was asked last, in ms, and most memory, in MiB -> "waited MS MIB"
// The end of its input ends it in good order.
using System.Diagnostics;
using System.Globalization;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

var home = TrailHome.Open(args[0]);
using var configuration = TrailConfiguration.Load(home);
var time = new ShiftedTime();
await using var recorder = ToolCallRecorder.Open(home, configuration, time);
var longestWait = 0L;
var open = new List<Task>();
while (await Console.In.ReadLineAsync() is { } line)
{
    var words = line.Split(' ');
    open.RemoveAll(task => task.IsCompleted);
    open.Add(words[0] switch
    {
        "b" => RecordAsync(words[1], words[2], DeliveryMode.Background),
        "d" => RecordAsync(words[1], words[2], DeliveryMode.Durable),
        "flush" => FlushAsync(),
        "health" => AnswerAsync($"health {recorder.Health.Degraded} {recorder.Health.Lost} {recorder.Health.PendingLosses}"),
        "clock" => SetClockAsync(double.Parse(words[1], CultureInfo.InvariantCulture)),
        "waited" => AnswerAsync($"waited {Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref longestWait, 0)).TotalMilliseconds:0} {PeakMemory() >> 20}"),
        _ => throw new InvalidOperationException($"Unknown command '{line}'."),
    });
}

await Task.WhenAll(open);
return;

async Task RecordAsync(string user, string id, DeliveryMode delivery)
{
    var record = new ToolCallRecord { User = user, Tool = "drive", Status = ToolCallStatus.Ok, Id = id, Result = new string('x', 200) };
    await AnsweredAsync(id, async () =>
    {
        var started = Stopwatch.GetTimestamp();
        await recorder.RecordAsync(record, delivery);
        var waited = Stopwatch.GetTimestamp() - started;
        lock (open)
            longestWait = delivery == DeliveryMode.Background ? Math.Max(longestWait, waited) : longestWait;
    });
}

Task SetClockAsync(double seconds)
{
    time.Shift = TimeSpan.FromSeconds(seconds);
    return AnswerAsync("ok clock");
}

static long PeakMemory()
{
    using var process = Process.GetCurrentProcess();
    return process.PeakWorkingSet64;
}

Task FlushAsync() => AnsweredAsync("flush", () => recorder.FlushAsync());

async Task AnsweredAsync(string name, Func<Task> action)
{
    try
    {
        await action();
        await AnswerAsync($"ok {name}");
    }
    catch (TrailWriteException e)
    {
        // What the tests ask about.
        await AnswerAsync($"failed {name} {e.Message}");
    }
}

Task AnswerAsync(string text)
{
    lock (open)
    {
        Console.Out.WriteLine(text);
        Console.Out.Flush();
    }

    return Task.CompletedTask;
}
