using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Sealing;
using ToolTrail.Server.Keys;
using ToolTrail.Storage;

namespace ToolTrail.Cli.Doctor;

/// <summary>What stands in the home: its configuration, its users' folders and its records.</summary>
internal static class TrailChecks
{
    private const int AllDays = 36_500;

    /// <summary>Whether every process can use the configuration.</summary>
    public static Finding Configuration(TrailHome home)
    {
        try
        {
            using var configuration = TrailConfiguration.Load(home);
            var set = configuration.Values().Count(value => value.Source != "default");
            return new(Verdict.Good, "Configuration", set == 0 ? "the defaults hold" : $"valid; {set} values differ from the defaults ('tooltrail config show')");
        }
        catch (TrailConfigurationException e)
        {
            // A finding: the message has file, line and reason.
            return new(Verdict.Wrong, "Configuration", e.Message, "correct it: no process can start on this home until then");
        }
    }

    /// <summary>Whether each user's folder can be locked.</summary>
    public static IEnumerable<Finding> Locks(TrailHome home)
    {
        var free = 0;
        foreach (var folder in home.UserFolders().Select(home.AuditPath).Where(Directory.Exists))
        {
            if (Problem(folder) is { } problem)
                yield return new(Verdict.Wrong, "Locks", problem, "see which process holds it: lsof, fuser -v, or lslocks");
            else
                free++;
        }

        yield return new(Verdict.Good, "Locks", free switch
        {
            0 => "there is no folder to lock",
            1 => "the folder of 1 user can be locked",
            _ => $"the folders of {free} users can be locked",
        });
    }

    /// <summary>Whether what is recorded is sealed, by a log and a key that fit together.</summary>
    public static Finding Seals(TrailHome home)
    {
        try
        {
            using var configuration = TrailConfiguration.Load(home);
            var settings = configuration.Current.Integrity;
            if (!settings.Seal)
                return new(Verdict.Note, "Seals", "nothing is sealed: integrity.seal is off", "turn it on, so that nobody can change the trail unnoticed");
            return new SealLog(home, settings.SigningKey).ReadHead() is { } head
                ? new(Verdict.Good, "Seals", $"{head.Checkpoint.Size} {(head.Checkpoint.Size == 1 ? "entry" : "entries")}; 'tooltrail verify' holds the records against them")
                : new(Verdict.Good, "Seals", "nothing is sealed yet");
        }
        catch (SealingException e)
        {
            // A finding: the message says what does not fit, and what to do.
            return new(Verdict.Wrong, "Seals", e.Message);
        }
        catch (TrailConfigurationException)
        {
            // Told as what it is, above.
            return new(Verdict.Note, "Seals", "not looked at: the configuration says where the key is");
        }
    }

    /// <summary>Who may use the server.</summary>
    public static Finding Keys(TrailHome home, TimeProvider timeProvider)
    {
        try
        {
            var now = timeProvider.GetUtcNow();
            var good = ApiKeyAdministration.List(home).Count(key => key.Revoked is null && (key.Expires is null || key.Expires > now));
            return good == 0
                ? new(Verdict.Good, "API keys", "none; the first 'tooltrail serve' makes an admin's")
                : new(Verdict.Good, "API keys", good == 1 ? "1 is good ('tooltrail keys list')" : $"{good} are good ('tooltrail keys list')");
        }
        catch (ApiKeyException e)
        {
            // A finding: the message says which file, and what to do.
            return new(Verdict.Wrong, "API keys", e.Message);
        }
    }

    /// <summary>What was recorded last, and whether anything was lost.</summary>
    public static async IAsyncEnumerable<Finding> RecordsAsync(TrailHome home, TimeProvider timeProvider)
    {
        var reader = new TrailReader(home, timeProvider);
        var last = await reader.ReadRecentAllUsersAsync(AllDays, 1);
        yield return last.Records is [var record]
            ? new(Verdict.Good, "Last record", Describe(record, home))
            : new(Verdict.Note, "Last record", "none yet", "record something, e.g. put the proxy before an MCP server: tooltrail proxy -- COMMAND");
        var lost = await reader.ReadRecentAllUsersAsync(7, 1, new RecordFilter { Status = ToolCallStatus.Lost });
        if (lost.Records.Count > 0)
            yield return new(Verdict.Note, "Losses", "records were lost in the last 7 days", "see when and why: tooltrail recent --status lost");
        var torn = Path.Combine(home.SystemPath, "torn");
        if (Directory.Exists(torn) && Directory.EnumerateFileSystemEntries(torn).Any())
            yield return new(Verdict.Note, "Torn lines", $"a crash left torn lines; they were cut and kept in {torn}", "see when: tooltrail recent --status recovered");
    }

    private static string? Problem(string folder)
    {
        try
        {
            return StorageProbe.CanLock(folder) ? null : $"another process holds the lock of {folder}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A finding: nobody could write there.
            return $"{folder} cannot be locked: {e.Message}";
        }
    }

    private static string Describe(StoredRecord stored, TrailHome home)
    {
        var record = stored.Decode(home.TimeZone);
        return $"{TimeText.Format(stored.Timestamp, home.TimeZone)}: {record.Tool} of {record.User}, {record.Status}";
    }
}
