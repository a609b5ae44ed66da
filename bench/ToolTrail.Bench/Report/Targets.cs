using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench.Report;

/// <summary>What was to be reached, and what was.</summary>
internal static class Targets
{
    public static string Table(Suite suite)
    {
        var table = new MarkdownTable("to reach", "reached", "");
        foreach (var producers in Suite.Producers)
        {
            Throughput(Contender.ZLogger, 1.0);
            Throughput(Contender.SerilogAsync, 2);
            Throughput(Contender.OpenAppendClose, 3);

            void Throughput(string contender, double least)
            {
                var ratio = PerSecond(Contender.ToolTrail) / PerSecond(contender);
                Row($"`Background`, {producers} producer(s): {least:0.0} × {contender}", Text.Times(ratio), ratio >= least);

                double PerSecond(string name) => suite.Throughput(name, SampleKind.Short, producers).Median("per_second");
            }
        }

        Sealed(1, 0.8);
        Sealed(4, 0.7);
        var verify = suite.Verify();
        var perCore = verify.Median("mb_per_core_second");
        Row("`verify`, 600-byte lines, warm: 400 MB/s a core", $"{Text.Number(perCore)} MB/s", perCore >= 400);

        var lost = Suite.Kinds.Sum(kind => Suite.Producers.Sum(producers =>
            suite.Records[kind] - suite.Throughput(Contender.ToolTrail, kind, producers).Least("arrived")));
        Row("nothing dropped", $"{Text.Number(lost)} dropped", lost == 0);

        var caller = suite.Caller(Contender.ToolTrail, SampleKind.Short);
        var cost = caller.Median("p50_us") / suite.Caller(Contender.ZLogger, SampleKind.Short).Median("p50_us");
        Row("caller's cost, p50: at most 2 × ZLogger's", Text.Times(cost), cost <= 2);
        var allocated = caller.Median("allocated_bytes");
        Row("caller: nothing allocated but one small object (the record itself, 288 bytes)", $"{Text.Number(allocated)} bytes", allocated < 300);

        AtLeast("`Durable`, 512 callers, ten users: 60 × bare", suite.Durable(512, 10).Median("ratio"), 60);
        AtLeast("`Durable`, 512 callers, one user: 50 × bare", suite.Durable(512, 1).Median("ratio"), 50);
        var single = suite.Durable(1, 1).Median("p50_ratio");
        Row("`Durable`, 1 caller, p50: within 1.5 × bare", Text.Times(single), single <= 1.5);

        foreach (var day in suite.Days)
            Row($"`recent(200)` of {Text.Number(day)} records: under 2 ms warm", Text.Number(suite.Recent(day).Median("p50_ms")) + " ms", suite.Recent(day).Median("p50_ms") < 2);
        var memory = suite.Throughput(Contender.ToolTrail, SampleKind.Short, 4).Most("peak_mib");
        Row("memory at full speed: under 150 MB resident", Text.Number(memory) + " MiB", memory * 1.048576 < 150);
        var many = suite.ManyUsers().Most("peak_mib");
        Row("memory with 10,000 users: under 300 MB", Text.Number(many) + " MiB", many * 1.048576 < 300);
        return table.ToString();

        void Sealed(int producers, double least)
        {
            var ratio = suite.Throughput(Contender.ToolTrail, SampleKind.Short, producers).Median("per_second")
                / suite.Throughput(Contender.Unsealed, SampleKind.Short, producers).Median("per_second");
            Row($"`Background`, {producers} producer(s): {least:0.0} × unsealed", Text.Times(ratio), ratio >= least);
        }

        void AtLeast(string what, double ratio, double least) => Row(what, Text.Times(ratio), ratio >= least);

        void Row(string what, string reached, bool isReached) => table.Add(what, reached, isReached ? "yes" : "**no**");
    }
}
