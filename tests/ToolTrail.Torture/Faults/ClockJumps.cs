using System.Globalization;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Testing;
using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>
/// A writer's clock, and that of whoever reads meanwhile, jumps a day forward and back, and goes over midnight and over the hours at which clocks are set.
/// </summary>
internal sealed class ClockJumps : IFault
{
    // None; at night; at midnight, so that a day is left and entered again; at midnight, so that a day begins at one.
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "Asia/Beirut", "America/Havana"];
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(300);

    public string Key => "clock";

    public string Title => "clock: a day forward and back, midnight, DST";

    public int Rounds => 40;

    public TimeSpan FullRun => TimeSpan.FromMinutes(7);

    public async Task RunAsync(FaultRun run)
    {
        var jumps = 0;
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(Zones[round % Zones.Length]);
            var trail = run.NewTrail();
            var home = TrailHome.Open(trail.Home, zone);
            var clock = new ShiftedTime();
            await using (var writer = Writer.Start(trail, new WriterLoad { InFlight = 16 }))
            {
                await writer.FirstAnswer;
                foreach (var moment in Moments(run, zone, home))
                {
                    await JumpAsync(run, trail, writer, clock, moment);
                    jumps++;
                }

                run.Expect(await writer.FinishAsync() == 0, "The writer did not end in good order.");
                run.Expect(writer.Failed == 0, $"{writer.Failed} records failed: {writer.LastFailure}");
            }

            foreach (var wrong in OrderCheck.Run(trail.Home))
                run.Broken(wrong);
            await run.EndRoundAsync(trail);
        }

        run.Note($"{jumps} jumps");
    }

    private static DateTimeOffset[] Moments(FaultRun run, TimeZoneInfo zone, TrailHome home)
    {
        var now = TimeProvider.System.GetUtcNow();
        var tomorrow = home.DayOf(now).AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Where a day begins later, clocks are set at its beginning.
        var midnight = zone.IsInvalidTime(tomorrow) ? now : new DateTimeOffset(tomorrow, zone.GetUtcOffset(tomorrow));
        DateTimeOffset[] moments = [now.AddDays(1), now.AddDays(-1), midnight - Before, .. ZoneChanges.Within(zone, now).Select(change => change - Before)];
        run.Random.Shuffle(moments);
        return moments;
    }

    private static async Task JumpAsync(FaultRun run, TrailUnderTest trail, Writer writer, ShiftedTime clock, DateTimeOffset moment)
    {
        var reader = new TrailReader(TrailHome.OpenForReading(trail.Home), clock);
        var known = trail.Acknowledged.Keys.ToList();
        var walks = Writer.Users.Select(user => new PageWalk(reader, user)).ToList();
        foreach (var walk in walks)
            await walk.NextAsync();
        clock.Shift = moment - TimeProvider.System.GetUtcNow();
        await writer.AskAsync(string.Create(CultureInfo.InvariantCulture, $"clock {clock.Shift.TotalSeconds}"));
        await Task.Delay(2 * Before);
        foreach (var walk in walks)
        {
            while (await walk.NextAsync())
                continue;
            run.Expect(walk.Repeated == 0, $"{walk.Repeated} records came twice when the clock was set to {moment:u} between two pages.");
        }

        var missing = known.Where(id => !walks.Exists(walk => walk.Ids.Contains(id))).ToList();
        run.Expect(missing.Count == 0, $"{missing.Count} records did not come when the clock was set to {moment:u} between two pages, {missing.FirstOrDefault()} among them.");
    }
}
