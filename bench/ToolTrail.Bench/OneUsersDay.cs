using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench;

/// <summary>A trail of one user's day.</summary>
internal static class OneUsersDay
{
    /// <summary>Records short calls of one user.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="records">How many.</param>
    /// <returns>The user.</returns>
    public static async Task<string> RecordAsync(WorkFolder folder, int records)
    {
        var calls = SampleCalls.Make(SampleKind.Short);
        var user = calls[0].User;
        await using var recorder = new ToolTrailContender(folder.Path);
        for (var i = 0; i < records; i++)
            recorder.Record(calls[i % calls.Length] with { User = user });
        return user;
    }
}
