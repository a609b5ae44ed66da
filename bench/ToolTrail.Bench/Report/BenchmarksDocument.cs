using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench.Report;

/// <summary>Writes the figures into the document, between their two marks.</summary>
internal static class BenchmarksDocument
{
    /// <param name="path">The document, which has both marks.</param>
    /// <param name="suite">The figures.</param>
    public static void Write(string path, Suite suite) => DocumentPart.Write(path, "figures", Sections(suite));

    private static IEnumerable<string> Sections(Suite suite)
    {
        if (suite.IsQuick)
            yield return "**A quick run, to see that it works: its figures mean little.**\n";
        yield return $"{Machine.Describe()}. {suite.Rounds} rounds; medians, and the least and the most.\n";
        yield return "## What was to be reached\n";
        yield return Targets.Table(suite);
        foreach (var kind in Suite.Kinds)
        {
            foreach (var producers in Suite.Producers)
            {
                yield return $"## Throughput: {Name(kind)}, {producers} producer(s), until the last file is closed\n";
                yield return Throughput(suite, kind, producers);
            }
        }

        foreach (var kind in Suite.Kinds)
        {
            yield return $"## What a record costs its caller at a steady 10,000 a second: {Name(kind)}\n";
            yield return Caller(suite, kind);
        }

        yield return "## `Durable`, against append of 600 bytes and fdatasync by one thread in the same run\n";
        yield return Durable(suite);
        yield return "## The last 200 records of a user's day\n";
        yield return Recent(suite);
        yield return "## `tooltrail verify` of one day, warm, against `openssl dgst -sha256` of the same file\n";
        yield return Verify(suite);
        yield return "## 10,000 users at once\n";
        yield return $"{Text.Spread(suite.ManyUsers(), "peak_mib")} MiB resident at most, {Text.Number(suite.ManyUsers().Most("open_files"))} open files at most.\n";
        yield return "## The codec alone, one thread, best of many short rounds\n";
        yield return Codec(suite);
    }

    private static string Throughput(Suite suite, SampleKind kind, int producers)
    {
        var table = new MarkdownTable("", "records/s", "× ZLogger", "bytes a line", "peak memory MiB", "arrived");
        var reference = suite.Throughput(Contender.ZLogger, kind, producers).Median("per_second");
        foreach (var contender in Contender.Names)
        {
            var series = suite.Throughput(contender, kind, producers);
            table.Add(contender, Text.Spread(series, "per_second"), Text.Number(series.Median("per_second") / reference), Text.Number(series.Median("bytes_a_line")),
                Text.Number(series.Most("peak_mib")), $"{series.Least("arrived") / suite.Records[kind]:0.###%}");
        }

        return table.ToString();
    }

    private static string Caller(Suite suite, SampleKind kind)
    {
        var table = new MarkdownTable("", "p50 µs", "× ZLogger", "p99 µs", "allocated bytes");
        var reference = suite.Caller(Contender.ZLogger, kind).Median("p50_us");
        foreach (var contender in Contender.Names)
        {
            var series = suite.Caller(contender, kind);
            table.Add(contender, Text.Spread(series, "p50_us"), Text.Number(series.Median("p50_us") / reference), Text.Spread(series, "p99_us"), Text.Number(series.Median("allocated_bytes")));
        }

        return table.ToString();
    }

    private static string Durable(Suite suite)
    {
        var table = new MarkdownTable("callers, users", "records/s", "bare records/s", "× bare", "p50 ms", "bare p50 ms", "× bare p50");
        foreach (var users in Suite.Users)
        {
            foreach (var callers in Suite.Callers)
            {
                var series = suite.Durable(callers, users);
                table.Add($"{callers}, {users}", Text.Spread(series, "per_second"), Text.Spread(series, "bare_per_second"), Text.Spread(series, "ratio"),
                    Text.Spread(series, "p50_ms"), Text.Spread(series, "bare_p50_ms"), Text.Spread(series, "p50_ratio"));
            }
        }

        return table.ToString();
    }

    private static string Recent(Suite suite)
    {
        var table = new MarkdownTable("records in the day", "p50 ms", "p99 ms", "first ms");
        foreach (var day in suite.Days)
            table.Add(Text.Number(day), Text.Spread(suite.Recent(day), "p50_ms"), Text.Spread(suite.Recent(day), "p99_ms"), Text.Spread(suite.Recent(day), "first_ms"));
        return table.ToString();
    }

    private static string Verify(Suite suite)
    {
        var table = new MarkdownTable("", "MB/s", "MB/s a core");
        table.Add("verify", Text.Spread(suite.Verify(), "mb_per_second"), Text.Spread(suite.Verify(), "mb_per_core_second"));
        table.Add("openssl dgst", Text.Spread(suite.Verify(), "openssl_mb_per_second"), Text.Spread(suite.Verify(), "openssl_mb_per_second"));
        return table.ToString();
    }

    private static string Codec(Suite suite)
    {
        var table = new MarkdownTable("", "bytes a line", "encode ns", "header ns", "header GB/s");
        foreach (var kind in Suite.Kinds)
        {
            var series = suite.Codec(kind);
            table.Add(Name(kind), Text.Number(series.Median("bytes_a_line")), Text.Spread(series, "encode_ns"), Text.Spread(series, "header_ns"), Text.Spread(series, "header_gb_per_second"));
        }

        return table.ToString();
    }

    private static string Name(SampleKind kind) => kind == SampleKind.Short ? "short records" : "what agents really produce";
}
