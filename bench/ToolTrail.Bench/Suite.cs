using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench;

/// <summary>All measures, each round after the other so that contenders see the same machine.</summary>
internal sealed class Suite
{
    public static readonly int[] Producers = [1, 4];
    public static readonly SampleKind[] Kinds = [SampleKind.Short, SampleKind.Agent];
    public static readonly int[] Callers = [1, 8, 64, 512];
    public static readonly int[] Users = [1, 10];

    private readonly Dictionary<string, Series> _series = [];

    private Suite(bool quick)
    {
        IsQuick = quick;
        Rounds = quick ? 2 : 5;
        Records = new() { [SampleKind.Short] = quick ? 100_000 : 1_000_000, [SampleKind.Agent] = quick ? 20_000 : 200_000 };
        Days = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
    }

    public bool IsQuick { get; }

    public int Rounds { get; }

    /// <summary>Records of a throughput run.</summary>
    public Dictionary<SampleKind, int> Records { get; }

    /// <summary>Sizes of the days that are read.</summary>
    public int[] Days { get; }

    /// <summary>Runs everything.</summary>
    /// <param name="quick">A few records and rounds, to see that it works.</param>
    public static Suite Run(bool quick)
    {
        var suite = new Suite(quick);
        for (var round = 0; round < suite.Rounds; round++)
            suite.RunRound();
        return suite;
    }

    public Series Throughput(string contender, SampleKind kind, int producers) => Of("throughput", contender, kind, producers);

    public Series Caller(string contender, SampleKind kind) => Of("caller", contender, kind);

    public Series Durable(int callers, int users) => Of("durable", callers, users);

    public Series Recent(int day) => Of("recent", day);

    public Series Verify() => Of("verify");

    public Series ManyUsers() => Of("users");

    public Series Codec(SampleKind kind) => Of("codec", kind);

    private void RunRound()
    {
        foreach (var kind in Kinds)
        {
            Codec(kind).Add(Worker.Run("codec", kind));
            foreach (var producers in Producers)
            {
                foreach (var contender in Contender.Names)
                    Throughput(contender, kind, producers).Add(Worker.Run("throughput", contender, kind, producers, Records[kind]));
            }

            foreach (var contender in Contender.Names)
                Caller(contender, kind).Add(Worker.Run("caller", contender, kind, IsQuick ? 2 : 6));
        }

        foreach (var users in Users)
        {
            foreach (var callers in Callers)
                Durable(callers, users).Add(Worker.Run("durable", callers, users, IsQuick ? 1 : 2));
        }

        foreach (var day in Days)
            Recent(day).Add(Worker.Run("recent", day, 500));
        Verify().Add(Worker.Run("verify", Records[SampleKind.Short], 5));
        ManyUsers().Add(Worker.Run("users", 10_000, 20));
    }

    private Series Of(params object[] key)
    {
        var name = string.Join('/', key);
        return _series.TryGetValue(name, out var series) ? series : _series[name] = new Series();
    }
}
