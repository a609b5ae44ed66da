using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Recording;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;

namespace ToolTrail.Tests.Storage;

/// <summary>How many files a recorder keeps open, and how it brings many of them to the disk.</summary>
[SupportedOSPlatform("linux")]
public sealed class OpenFilesTests : IDisposable
{
    private readonly RecordingHome _trail = new();

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task ManyUsers_AtOnce_DoNotMeanAsManyOpenFiles()
    {
        await using var recorder = _trail.Recorder();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 1500; i++)
                await recorder.RecordAsync(RecordingHome.Call(user: $"u{i}"), cancellationToken: Cancel);
            await recorder.FlushAsync(Cancel);
            // A file and its folder's lock for each of at most 256 users, and those of the writers that were just at it.
            Assert.InRange(OpenFiles(), 1, 2 * (256 + 8));
        }

        Assert.All(Enumerable.Range(0, 1500), i => Assert.Equal(2, _trail.Lines($"u{i}").Count));
    }

    [Fact]
    public async Task IdleUsers_FilesAreClosed()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        await using var recorder = _trail.Recorder(time: time);
        await recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, Cancel);
        Assert.Equal(2, OpenFiles());
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (OpenFiles() > 0)
        {
            Assert.False(deadline.IsCancellationRequested, "The files of an idle user stayed open.");
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, Cancel);
        Assert.Equal(2, _trail.Lines().Count);
    }

    [Fact]
    public async Task ManyDirtyFiles_AreSyncedTogether()
    {
        var calls = await SyncsOfAHundredUsersAsync();
        Assert.Contains(calls, call => call.Contains("syncfs(", StringComparison.Ordinal));
        Assert.InRange(calls.Count(call => call.Contains("fdatasync(", StringComparison.Ordinal)), 0, 50);
    }

    [Fact]
    public async Task ManyDirtyFiles_OneOnAnotherVolume_IsSyncedByItself()
    {
        var elsewhere = Directory.CreateDirectory($"/dev/shm/tooltrail-{Guid.NewGuid():n}").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_trail.Home.Path, _trail.Home.UserFolder("u99")), elsewhere);
            var calls = await SyncsOfAHundredUsersAsync();
            Assert.Contains(calls, call => call.Contains("syncfs(", StringComparison.Ordinal));
            Assert.Contains(calls, call => call.Contains("fdatasync(", StringComparison.Ordinal) && call.Contains(elsewhere, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    // A line for each system call that syncs, its file's path included.
    private async Task<string[]> SyncsOfAHundredUsersAsync()
    {
        using var folder = new TempFolder();
        await using (var driver = Driver.Start(_trail.Home.Path, "strace", "-f", "-qq", "-y", "-o", folder.At("calls"), "-e", "trace=fdatasync,syncfs"))
        {
            await driver.SendAsync(Enumerable.Range(0, 100).Select(i => $"b u{i} {i}"));
            for (var i = 0; i < 100; i++)
                Assert.StartsWith("ok ", await driver.ReadAsync(), StringComparison.Ordinal);
            Assert.Equal("ok flush", await driver.AskAsync("flush"));
            Assert.Equal(0, (await driver.FinishAsync()).ExitCode);
        }

        return File.ReadAllLines(folder.At("calls"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int OpenFiles() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(Target)
        .Count(target => target?.StartsWith(_trail.Home.Path, StringComparison.Ordinal) == true && target.Contains("tool_audit", StringComparison.Ordinal));

    private static string? Target(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
        }
        catch (FileNotFoundException)
        {
            // Closed since the folder was listed.
            return null;
        }
    }
}
