using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Storage;
using ToolTrail.Tests.Recording;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

/// <summary>A home whose trail is sealed, and what can be done to it.</summary>
internal sealed class SealedHome : IDisposable
{
    /// <summary>When the calls were made.</summary>
    public static readonly DateTimeOffset Time = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly RecordingHome _trail = new();

    public TrailHome Home => _trail.Home;

    /// <summary>The log.</summary>
    public SealLog Log => new(Home);

    /// <summary>Where the signing key is.</summary>
    public string KeyPath => Path.Combine(Home.SystemPath, "signing.key");

    /// <summary>A recorder; its orderly end seals.</summary>
    public ToolCallRecorder Recorder(TimeProvider? time = null, RecorderLifetime lifetime = RecorderLifetime.Long) =>
        lifetime == RecorderLifetime.Long ? _trail.Recorder(time: time) : ToolCallRecorder.Open(Home, TrailConfiguration.Fixed(new TrailSettings()), time, lifetime: lifetime);

    /// <summary>Records some calls of a user and ends in good order.</summary>
    public async Task RecordAsync(string user, int count, DateTimeOffset? time = null)
    {
        await using var recorder = Recorder();
        for (var i = 0; i < count; i++)
            await recorder.RecordAsync(RecordingHome.Call(user, time: (time ?? Time) + TimeSpan.FromSeconds(i)), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Takes away all that was signed, and signs anew with a key that somebody got hold of.</summary>
    public async Task ForgeAsync(byte[] stolenKey)
    {
        foreach (var gone in new[] { "seals", "trees" })
            Directory.Delete(Path.Combine(Home.SystemPath, gone), recursive: true);
        foreach (var gone in Home.UserFolders().Select(Home.AuditPath))
            Directory.Delete(gone, recursive: true);
        await File.WriteAllBytesAsync(KeyPath, stolenKey, TestContext.Current.CancellationToken);
        await RecordAsync("ann", 3);
    }

    /// <summary>Sweeps the home at a time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="retention">What is retained.</param>
    /// <param name="witnesses">Who cosigns.</param>
    /// <param name="then">What happens then, before the same sweeper sweeps again.</param>
    /// <returns>The alarms.</returns>
    public async Task<IReadOnlyList<string>> SweepAsync(TimeProvider time, RetentionSettings? retention = null, IReadOnlyList<WitnessSettings>? witnesses = null, Action? then = null)
    {
        Sealer? sealer = null;
        await using var store = new DayFileStore(
            Home, () => 1 << 20, time, NullLogger.Instance, isOurs => sealer = new Sealer(Home, null, isOurs, time, NullLogger.Instance));
        await using var sweeper = new Sweeper(Home, store, sealer!, () => new TrailSettings { Retention = retention ?? new RetentionSettings(), Integrity = new IntegritySettings { Witnesses = witnesses ?? [] } }, time, NullLogger.Instance);
        await sweeper.SweepAsync();
        if (then is not null)
        {
            then();
            await sweeper.SweepAsync();
        }

        return sealer!.Alarms;
    }

    public PartName Part(string user = "ann", int part = 1) => new(Home.UserFolder(user), new DayFileName(DateOnly.FromDateTime(Time.UtcDateTime), part));

    /// <summary>Path of a part's file with an extension.</summary>
    public string PathOf(string extension = "jsonl", string user = "ann", int part = 1) => Path.Combine(Home.AuditPath(Home.UserFolder(user)), $"{Part(user, part).File.Stem}.{extension}");

    /// <summary>Changes a part's lines.</summary>
    public void Change(Func<List<string>, IEnumerable<string>> change, string user = "ann") =>
        File.WriteAllText(PathOf(user: user), string.Concat(change([.. File.ReadAllLines(PathOf(user: user))]).Select(line => line + "\n")));

    /// <summary>Changes the first line where it stands, as nobody who appends would notice.</summary>
    public void ChangeInPlace(string from, string to)
    {
        using var file = File.Open(PathOf(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.Position = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
        file.Write(Encoding.UTF8.GetBytes(to));
    }

    public TrailVerdict Verify(SignedNote? trustedHead = null, IReadOnlyList<VerifierKey>? keys = null, TimeProvider? time = null) =>
        new TrailVerifier(Home, time).Verify(new VerifyOptions { Keys = keys ?? Log.VerifierKeys(), TrustedHead = trustedHead });

    /// <summary>The verdict on one part.</summary>
    public PartVerdict Verify(PartName part, TimeProvider? time = null) => Verify(time: time).Parts.Single(verdict => verdict.Part == part);

    /// <summary>The kinds of what was found in the log and in all parts, with the part.</summary>
    public string Findings()
    {
        var verdict = Verify();
        return string.Join("; ", verdict.Log.Findings.Select(found => $"seal log: {found.Kind}")
            .Concat(verdict.Parts.SelectMany(part => part.Findings.Select(found => $"{part.Part}: {found.Kind}{(found.Lines is { } lines ? $" {lines.First}-{lines.Last}" : "")}"))));
    }

    /// <summary>Copies a folder of the home, or all of it.</summary>
    public void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy, overwrite: true);
        }
    }

    public void Dispose() => _trail.Dispose();
}
