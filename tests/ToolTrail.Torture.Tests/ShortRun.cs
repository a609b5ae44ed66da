namespace ToolTrail.Torture.Tests;

/// <summary>A few rounds of a row of the torture bench.</summary>
internal static class ShortRun
{
    /// <summary>Runs it, and fails unless everything that the row promises holds. Times are promised only to a machine that has nothing else to do.</summary>
    /// <param name="fault">The row.</param>
    /// <param name="share">Of a full run.</param>
    public static async Task HoldsAsync(IFault fault, double share)
    {
        using var folder = new TempFolder();
        var run = new FaultRun(folder.Path, share, Random.Shared.Next());
        await fault.RunAsync(run);
        var result = run.Result(fault.Title);
        Assert.Empty(result.Broken);
        Assert.True(result is { Lost: 0, Duplicated: 0, Corrupted: 0 }, result.ToString());
        Assert.True(result.Rounds > 0 && result.Acknowledged > 0, $"Nothing happened: {result}");
    }

    /// <summary>Runs so many of its rounds.</summary>
    public static Task HoldsAsync(IFault fault, int rounds) => HoldsAsync(fault, (double)rounds / fault.Rounds);
}
