namespace ToolTrail.Bench.Captures;

/// <summary>All measures of the captures, each round after the other so that contenders see the same machine.</summary>
internal sealed class CapturesSuite
{
    /// <summary>Characters that a call of a tool says, and that it answers.</summary>
    public static readonly int[] Sizes = [20, 4_000];

    private CapturesSuite(bool quick)
    {
        IsQuick = quick;
        Rounds = quick ? 2 : 5;
    }

    public bool IsQuick { get; }

    public int Rounds { get; }

    public Series Functions { get; } = new();

    public Dictionary<int, Series> Proxies { get; } = Sizes.ToDictionary(size => size, _ => new Series());

    public Series Hook { get; } = new();

    /// <summary>Runs everything.</summary>
    /// <param name="quick">A few calls and rounds, to see that it works.</param>
    public static CapturesSuite Run(bool quick)
    {
        var suite = new CapturesSuite(quick);
        for (var round = 0; round < suite.Rounds; round++)
        {
            suite.Functions.Add(Worker.Run("functions", quick ? 1 : 4));
            foreach (var size in Sizes)
                suite.Proxies[size].Add(Worker.Run("proxies", size, quick ? 200 : 2_000));
            suite.Hook.Add(Worker.Run("hook", quick ? 5 : 30));
        }

        return suite;
    }
}
