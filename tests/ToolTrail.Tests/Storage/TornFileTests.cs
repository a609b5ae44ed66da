using System.Text;
using ToolTrail.Records;
using ToolTrail.Recording;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;

namespace ToolTrail.Tests.Storage;

/// <summary>What a power cut, a killed writer or somebody else leaves in a day file, and what the next writer makes of it.</summary>
public sealed class TornFileTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = new(2026, 11, 20);
    private readonly RecordingHome _trail = new();
    private readonly DayFiles _files;

    public TornFileTests() => _files = new DayFiles(_trail.Home);

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task TornLastLine_IsCutKeptAndToldOf()
    {
        _files.Append("ann", Day, 1, DayFiles.Line(Time, tool: "whole"));
        _files.AppendBytes("ann", Day, 1, """{"ts":"2026-11-20T12:00:01.000Z","user":"ann","to"""u8);
        await RecordAsync("next");
        Assert.Equal(["whole ok", "tooltrail.recovery recovered", "next ok"], _trail.Summary());
        Assert.Equal("""{"ts":"2026-11-20T12:00:01.000Z","user":"ann","to""", File.ReadAllText(Assert.Single(Directory.EnumerateFiles(_trail.SystemPath("torn")))));
        var recovery = _trail.Lines()[1];
        Assert.Equal(49, recovery.GetProperty("args").GetProperty("cut_bytes").GetInt32());
        Assert.StartsWith("2026-11-20T", RecordingHome.Text(recovery, "ts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NulsFollowedByWholeLines_AreCutTogether()
    {
        _files.Append("ann", Day, 1, DayFiles.Line(Time, tool: "whole"));
        _files.AppendBytes("ann", Day, 1, new byte[5000]);
        _files.Append("ann", Day, 1, DayFiles.Line(Time, tool: "behind"));
        await RecordAsync("next");
        Assert.Equal(["whole ok", "tooltrail.recovery recovered", "next ok"], _trail.Summary());
        Assert.Equal(5000 + DayFiles.Line(Time, tool: "behind").Length + 1, new FileInfo(Assert.Single(Directory.EnumerateFiles(_trail.SystemPath("torn")))).Length);
    }

    [Fact]
    public async Task WholeLastLineWithoutItsEnd_IsKept()
    {
        _files.Append("ann", Day, 1, DayFiles.Line(Time, tool: "whole"));
        _files.AppendBytes("ann", Day, 1, Encoding.UTF8.GetBytes(DayFiles.Line(Time, tool: "unended")));
        await RecordAsync("next");
        Assert.Equal(["whole ok", "unended ok", "next ok"], _trail.Summary());
    }

    [Fact]
    public async Task BrokenLinesOfAnotherProgram_AreLeftWhereTheyAre()
    {
        _files.Append("ann", Day, 1, "not json", DayFiles.Line(Time, tool: "whole"), "", """{"another":"program's"}""", "neither");
        var before = File.ReadAllText(_trail.Files()[0]);
        await RecordAsync("next");
        Assert.StartsWith(before + "{\"ts\":", File.ReadAllText(_trail.Files()[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TornTailBehindAnOpenFile_IsCutByTheNextWrite()
    {
        await using var recorder = _trail.Recorder();
        await recorder.RecordAsync(Call("first"), DeliveryMode.Durable, Cancel);
        _files.Append("ann", Day, 1, DayFiles.Line(Time, tool: "other"));
        _files.AppendBytes("ann", Day, 1, "{\"ts\":\"2026"u8);
        await recorder.RecordAsync(Call("second"), DeliveryMode.Durable, Cancel);
        Assert.Equal(["first ok", "other ok", "tooltrail.recovery recovered", "second ok"], _trail.Summary());
    }

    [Fact]
    public async Task FileThatWasDeleted_IsNotWrittenToAgain()
    {
        await using var recorder = _trail.Recorder();
        await recorder.RecordAsync(Call("first"), DeliveryMode.Durable, Cancel);
        File.Delete(_trail.Files()[0]);
        await recorder.RecordAsync(Call("second"), DeliveryMode.Durable, Cancel);
        Assert.Equal(["2026-11-20.2.jsonl"], _trail.Files().Select(Path.GetFileName));
        Assert.Equal(["tooltrail.recovery recovered", "second ok"], _trail.Summary());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FileThatWasReplacedOrShortened_BeginsTheNextPart(bool shortened)
    {
        await using var recorder = _trail.Recorder();
        await recorder.RecordAsync(Call("first"), DeliveryMode.Durable, Cancel);
        var path = _trail.Files()[0];
        if (!shortened)
            File.Move(path, path + ".old");
        File.WriteAllText(path, shortened ? "" : DayFiles.Line(Time, tool: "replaced") + "\n");
        await recorder.RecordAsync(Call("second"), DeliveryMode.Durable, Cancel);
        Assert.Equal(["tooltrail.recovery recovered", "second ok"], File.ReadAllLines(path.Replace(".jsonl", ".2.jsonl", StringComparison.Ordinal)).Select(Tool));
        await recorder.RecordAsync(Call("third"), DeliveryMode.Durable, Cancel);
        Assert.Equal(["tooltrail.recovery recovered", "second ok", "third ok"], File.ReadAllLines(path.Replace(".jsonl", ".2.jsonl", StringComparison.Ordinal)).Select(Tool));
    }

    [Fact]
    public async Task FolderThatWasDeleted_IsMadeAgain()
    {
        await using var recorder = _trail.Recorder();
        await recorder.RecordAsync(Call("first"), DeliveryMode.Durable, Cancel);
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(_trail.Files()[0]))!, recursive: true);
        await recorder.RecordAsync(Call("second"), DeliveryMode.Durable, Cancel);
        Assert.Equal(["2026-11-20.2.jsonl"], _trail.Files().Select(Path.GetFileName));
        Assert.Equal(["tooltrail.recovery recovered", "second ok"], _trail.Summary());
    }

    [Fact]
    public async Task NextPartThatAnotherBegan_IsGoneOnWith()
    {
        await using var recorder = _trail.Recorder();
        await recorder.RecordAsync(Call("first"), DeliveryMode.Durable, Cancel);
        _files.Append("ann", Day, 2, DayFiles.Line(Time, tool: "other"));
        await recorder.RecordAsync(Call("second"), DeliveryMode.Durable, Cancel);
        Assert.Equal(["other ok", "second ok"], File.ReadAllLines(_files.PathOf("ann", Day, 2)).Select(Tool));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ToolCallRecord Call(string tool) => RecordingHome.Call(tool: tool, time: Time) with { Status = ToolCallStatus.Ok };

    private static string Tool(string line)
    {
        var record = RecordCodec.Decode(Encoding.UTF8.GetBytes(line), TimeZoneInfo.Utc)!;
        return $"{record.Tool} {record.Status}";
    }

    private async Task RecordAsync(string tool)
    {
        await using var recorder = _trail.Recorder();
        await recorder.RecordAsync(Call(tool), DeliveryMode.Durable, Cancel);
    }
}
