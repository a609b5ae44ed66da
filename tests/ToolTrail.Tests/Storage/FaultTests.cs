using System.Text.Json;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;

namespace ToolTrail.Tests.Storage;

/// <summary>Real processes, killed or with system calls that fail (strace makes them), and what stands in the files afterwards.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly RecordingHome _trail = new();

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task SyncThatFails_IsToldToTheCallerAndEndsThePart()
    {
        await RecordOneAsync();
        await using var driver = Driver.Start(_trail.Home.Path, Strace("fdatasync:error=EIO:when=1", Today));
        Assert.Matches("^failed 2 .*sync failed: .*errno 5", await driver.AskAsync("d ann 2"));
        Assert.Equal("health True 0 0", await driver.AskAsync("health"));
        Assert.Equal("ok 3", await driver.AskAsync("d ann 3"));
        Assert.Equal("ok 2", await driver.AskAsync("d ann 2"));
        Assert.Equal("health False 0 0", await driver.AskAsync("health"));
        Assert.Equal(0, (await driver.FinishAsync()).ExitCode);

        Assert.Equal(["1"], Ids(Today));
        Assert.Equal(["recovered", "3", "2"], Ids(Today.Replace(".jsonl", ".2.jsonl", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SyncThatFails_LosesBackgroundRecordsAndSaysHowMany()
    {
        await using var driver = Driver.Start(_trail.Home.Path, Strace("fdatasync:error=EIO:when=1", Today));
        await driver.SendAsync(Enumerable.Range(0, 5).Select(i => $"b ann {i}"));
        for (var i = 0; i < 5; i++)
            Assert.Equal($"ok {i}", await driver.ReadAsync());
        // Whoever comes first, the flush or the half-second's look, meets the failure.
        Assert.Matches("^(ok|failed) flush", await driver.AskAsync("flush"));
        Assert.Equal("ok 5", await driver.AskAsync("d ann 5"));
        Assert.Equal("health False 5 0", await driver.AskAsync("health"));
        Assert.Equal(0, (await driver.FinishAsync()).ExitCode);

        var gap = _trail.Lines().Single(line => RecordingHome.Text(line, "status") == "lost");
        Assert.Equal(5, gap.GetProperty("args").GetProperty("count").GetInt32());
        Assert.Contains("errno 5", gap.GetProperty("args").GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.Equal(["lost", "5"], Ids(Today.Replace(".jsonl", ".2.jsonl", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task FullDisk_LeavesNoTornLineAndIsGoneOnWithWhenSpaceReturns()
    {
        await RecordOneAsync();
        await using var driver = Driver.Start(_trail.Home.Path, Strace("write:error=ENOSPC:when=1", Today));
        Assert.Matches("^failed 2 .*write failed: .*errno 28", await driver.AskAsync("d ann 2"));
        Assert.Equal("health True 0 0", await driver.AskAsync("health"));

        // strace counts for each thread: every writer's first append fails.
        var stored = false;
        for (var tries = 0; tries < 20 && !stored; tries++)
            stored = await driver.AskAsync("d ann 3") == "ok 3";
        Assert.True(stored, "Space had returned.");
        Assert.Equal(0, (await driver.FinishAsync()).ExitCode);
        Assert.Equal(["1", "recovered", "3"], _trail.Lines().Select(Id));
    }

    [Fact]
    public async Task KilledWriters_LoseNothingThatTheyAcknowledged()
    {
        var random = new Random(20261123);
        var acknowledged = new HashSet<string>();
        for (var round = 0; round < 50; round++)
        {
            await using var driver = Driver.Start(_trail.Home.Path);
            await driver.SendAsync(Enumerable.Range(0, 400).Select(i => $"{(i % 10 == 0 ? 'b' : 'd')} ann {round}-{i}"));
            for (var answers = random.Next(1, 350); answers > 0; answers--)
                Note(await driver.ReadAsync());
            driver.Kill();
            // What it said before it died it said.
            while (await driver.ReadAsync() is { } answer)
                Note(answer);
        }

        await using (var last = Driver.Start(_trail.Home.Path))
        {
            Assert.Equal("ok last", await last.AskAsync("d ann last"));
            Assert.Equal(0, (await last.FinishAsync()).ExitCode);
        }

        var stored = _trail.Lines().Select(Id).Where(id => id is not "recovered").ToList();
        Assert.Equal(stored.Distinct().Count(), stored.Count);
        Assert.True(acknowledged.Count > 50, $"Only {acknowledged.Count} records were acknowledged.");
        Assert.Empty(acknowledged.Except(stored));
        Assert.Contains(_trail.Lines(), line => line.GetProperty("args").ToString().Contains("ended without closing", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(_trail.SystemPath("running"), "*.run"));

        // Background records are acknowledged before they are on disk: what is promised of them is less.
        void Note(string? answer)
        {
            var id = answer?.Split(' ')[1];
            if (id is not null && int.Parse(id.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture) % 10 != 0)
                acknowledged.Add(id);
        }
    }

    [Fact]
    public async Task FourProcesses_OnOneFile_NeitherLoseNorInterleave()
    {
        var drivers = Enumerable.Range(0, 4).Select(_ => Driver.Start(_trail.Home.Path)).ToList();
        try
        {
            await Task.WhenAll(drivers.Select(async (driver, n) =>
            {
                await driver.SendAsync(Enumerable.Range(0, 500).Select(i => $"{(i % 2 == 0 ? 'b' : 'd')} ann {n}-{i}"));
                for (var i = 0; i < 500; i++)
                    Assert.StartsWith("ok ", await driver.ReadAsync(), StringComparison.Ordinal);
                Assert.Equal(0, (await driver.FinishAsync()).ExitCode);
            }));
        }
        finally
        {
            foreach (var driver in drivers)
                await driver.DisposeAsync();
        }

        Assert.Single(_trail.Files());
        Assert.Equal(
            Enumerable.Range(0, 4).SelectMany(n => Enumerable.Range(0, 500).Select(i => $"{n}-{i}")).Order(StringComparer.Ordinal),
            _trail.Lines().Select(Id).Order(StringComparer.Ordinal));
        for (var n = 0; n < 4; n++)
        {
            var own = _trail.Lines().Select(Id).Where(id => id.StartsWith($"{n}-", StringComparison.Ordinal)).ToList();
            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{n}-{i}"), own);
        }
    }

    private static string[] Strace(string injection, string path) =>
        ["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", $"trace={injection.Split(':')[0]}", "-e", $"inject={injection}"];

    // Ann's first part of today: the driver goes by the system's clock.
    private string Today => Path.Combine(_trail.Home.AuditPath("ann"), $"{_trail.Home.DayOf(TimeProvider.System.GetUtcNow()):yyyy-MM-dd}.jsonl");

    private async Task RecordOneAsync()
    {
        await using var driver = Driver.Start(_trail.Home.Path);
        Assert.Equal("ok 1", await driver.AskAsync("d ann 1"));
        Assert.Equal(0, (await driver.FinishAsync()).ExitCode);
    }

    private static IEnumerable<string> Ids(string file) => File.ReadAllLines(file).Select(line => Id(JsonDocument.Parse(line).RootElement));

    // The recorder's own lines by what they are.
    private static string Id(JsonElement line) =>
        RecordingHome.Text(line, "status") is ("recovered" or "lost") and var own ? own : RecordingHome.Text(line, "id")!;
}
