using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class RecordTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Record_BadLinesBetweenGoodOnes_StoresTheGoodAndNamesTheBad()
    {
        var input = $"{Calls.Ok(0)}\nnot json\n{Calls.Ok(1)}\n{{\"user\":\"ann\",\"status\":\"ok\"}}\n{Calls.Ok(2, "tooltrail")}\n";
        var run = await ToolProcess.RunAsync(["record", "--home", _home.Path], input);
        Assert.Equal((3, "stored 2, refused 3\n"), (run.ExitCode, run.Output));
        Approved.Verify("record-refusals", run.Errors);
    }

    [Fact]
    public async Task Record_AnArray_IsStored()
    {
        var run = await ToolProcess.RunAsync(["record", "--home", _home.Path], $"[{Calls.Ok(0)},\n {Calls.Ok(1)}]");
        Assert.Equal((0, "stored 2, refused 0\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Record_Ack_ComesOnceTheRecordIsInItsFileAndWhileMoreMayCome()
    {
        await using var record = _home.Start("record", "--ack");
        for (var line = 1; line <= 3; line++)
        {
            await record.Input.WriteAsync(Calls.Ok(line) + "\n");
            Assert.Equal($"{line}", await record.ReadLineAsync());
            var file = Path.Combine(_home.Path, "ann", "tool_audit", "2026-11-23.jsonl");
            Assert.Equal(line, File.ReadAllLines(file).Length);
        }

        var run = await record.FinishAsync();
        Assert.Equal((0, "stored 3, refused 0\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Record_ThatCannotBeWritten_ExitsWith4()
    {
        // A file stands where the user's folder would be.
        Directory.CreateDirectory(_home.Path);
        File.WriteAllText(Path.Combine(_home.Path, "bob"), "");
        var run = await ToolProcess.RunAsync(["record", "--home", _home.Path], $"{Calls.Ok(0)}\n{Calls.Ok(1, "bob")}\n");
        Assert.Equal((4, "stored 1, refused 1\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("line 2: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_WhatCannotBeSealed_IsStoredAndSaidSo()
    {
        // A file stands where the seal log would be.
        Directory.CreateDirectory(Path.Combine(_home.Path, ".tooltrail"));
        File.WriteAllText(Path.Combine(_home.Path, ".tooltrail", "seals"), "");
        var run = await ToolProcess.RunAsync(["record", "--home", _home.Path], $"{Calls.Ok(0)}\n");
        Assert.Equal((0, "stored 1, refused 0\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("What was stored is on disk and not sealed yet: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_TheSameIdTwice_IsAcknowledgedAndStoredOnce()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        await _home.RecordAsync(Calls.OfOneMorning);
        Assert.Equal(Calls.OfOneMorning.Length, (await _home.RunAsync(["recent", "--json", .. CliHome.AllDays])).Lines.Count);
    }

    [Fact]
    public async Task Record_Interrupted_SaysWhatIsStoredAndExitsWith130()
    {
        await using var record = _home.Start("record", "--ack");
        await record.Input.WriteAsync(Calls.Ok(0) + "\n");
        Assert.Equal("1", await record.ReadLineAsync());
        record.Signal("TERM");
        Assert.Equal("stored 1, refused 0", await record.ReadLineAsync());
        Assert.Equal(130, await record.WaitForExitAsync());
    }
}
