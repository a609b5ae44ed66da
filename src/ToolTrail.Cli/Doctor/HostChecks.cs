using System.Text.Json;
using ToolTrail.Cli.Connect;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Doctor;

/// <summary>The agents on this machine: which are connected, and when each was heard last.</summary>
internal static class HostChecks
{
    private const int DaysBack = 30;

    /// <summary>Looks at those that have a configuration.</summary>
    public static async IAsyncEnumerable<Finding> FindAsync(TrailHome home, TimeProvider timeProvider)
    {
        var reader = new TrailReader(home, timeProvider);
        foreach (var host in AgentHost.All.Where(host => File.Exists(host.File)))
        {
            if (IsRecorded(host) is not { } isRecorded)
                yield return new(Verdict.Note, host.Title, $"{host.File} cannot be read");
            else if (!isRecorded)
                yield return new(Verdict.Note, host.Title, "is not connected: its calls are not recorded", $"tooltrail connect {host.Name}");
            else
                yield return new(Verdict.Good, host.Title, $"connected; {await LastHeardAsync(reader, host, home)}");
        }
    }

    private static bool? IsRecorded(AgentHost host)
    {
        try
        {
            return host.IsRecorded(File.ReadAllBytes(host.File));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // A finding: the host cannot read it either.
            return null;
        }
    }

    private static async Task<string> LastHeardAsync(TrailReader reader, AgentHost host, TrailHome home)
    {
        var page = await reader.ReadRecentAllUsersAsync(DaysBack, 1, host.Heard);
        return page.Records is [var record]
            ? $"last heard {TimeText.Format(record.Timestamp, home.TimeZone)}, {record.Decode(home.TimeZone).Tool}"
            : $"not heard in the last {DaysBack} days";
    }
}
