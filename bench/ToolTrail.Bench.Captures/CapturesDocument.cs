using ToolTrail.Bench.Captures.Functions;
using ToolTrail.Bench.Captures.Hooks;
using ToolTrail.Bench.Captures.Proxies;
using ToolTrail.Bench.Report;

namespace ToolTrail.Bench.Captures;

/// <summary>Writes the captures' figures into the document, between their two marks.</summary>
internal static class CapturesDocument
{
    /// <param name="path">The document, which has both marks.</param>
    /// <param name="suite">The figures.</param>
    public static void Write(string path, CapturesSuite suite) => DocumentPart.Write(path, "captures", Sections(suite));

    private static IEnumerable<string> Sections(CapturesSuite suite)
    {
        if (suite.IsQuick)
            yield return "**A quick run, to see that it works: its figures mean little.**\n";
        yield return $"{Machine.Describe()}. {suite.Rounds} rounds; medians, and the least and the most.\n";
        yield return "### What was to be reached of the captures\n";
        yield return Targets(suite);
        yield return "### What recording adds to a function that does nothing (Microsoft.Extensions.AI)\n";
        yield return Functions(suite.Functions);
        foreach (var size in CapturesSuite.Sizes)
        {
            yield return $"### What stands before an MCP server adds to a call, {size} characters there and back\n";
            yield return Proxies(suite.Proxies[size]);
        }

        yield return "### A hook before a call, from start to exit\n";
        yield return Hook(suite.Hook);
    }

    private static string Targets(CapturesSuite suite)
    {
        var table = new MarkdownTable("to reach", "reached", "");
        Below("`AIFunction`: 5 µs more, at a steady 10,000 calls a second, p50", suite.Functions.Median($"{FunctionsMeasure.Function} paced added"), 5, "µs");
        Below("`AIFunction`: 5 µs more, one call after the other, mean", suite.Functions.Median($"{FunctionsMeasure.Function} rushed added"), 5, "µs");
        foreach (var (size, series) in suite.Proxies)
        {
            var http = Added(ProxiesMeasure.ToolTrailHttp);
            Below($"MCP over stdio, {size} characters: 300 µs more, p50", Added(ProxiesMeasure.ToolTrailStdio), 300, "µs");
            Below($"MCP over HTTP, {size} characters: 500 µs more, p50", http, 500, "µs");
            foreach (var peer in new[] { ProxiesMeasure.McpProxy, ProxiesMeasure.Supergateway })
                Below($"MCP over HTTP, {size} characters: less than {peer[..peer.IndexOf(' ')]}'s {Text.Number(Added(peer))} µs, p50", http, Added(peer), "µs");

            double Added(string route) => series.Median($"{route} added p50");
        }

        Below("the hook from start to exit: 25 ms", suite.Hook.Median(HookMeasure.Ahead), 25, "ms");
        return table.ToString();

        void Below(string what, double reached, double most, string unit) => table.Add(what, $"{Text.Number(reached)} {unit}", reached < most ? "yes" : "**no**");
    }

    private static string Functions(Series series)
    {
        var table = new MarkdownTable("", "without µs", "recorded µs", "**added µs**", "added bytes");
        foreach (var (name, what) in new[]
        {
            (FunctionsMeasure.Function, "`AIFunction`, and `WithToolTrail()`"),
            (FunctionsMeasure.Client, "a request with one call, `UseFunctionInvocation()`, and `UseToolTrail()`"),
        })
        {
            foreach (var (figure, how) in new[] { ("paced", "at 10,000 a second, p50"), ("paced_p99", "at 10,000 a second, p99"), ("rushed", "one after the other, mean") })
            {
                table.Add($"{what}: {how}", Text.Spread(series, $"{name} {figure}"), Text.Spread(series, $"{name} {figure} recorded"), Text.Spread(series, $"{name} {figure} added"),
                    Text.Number(series.Median($"{name} added_bytes")));
            }
        }

        return table.ToString();
    }

    private static string Proxies(Series series)
    {
        var table = new MarkdownTable("", "p50 µs", "**added p50 µs**", "p99 µs", "added p99 µs");
        foreach (var (name, from) in ProxiesMeasure.Routes)
        {
            table.Add(name, Text.Spread(series, $"{name} p50"), Added("p50"), Text.Spread(series, $"{name} p99"), Added("p99"));

            string Added(string figure) => from is null ? "" : Text.Spread(series, $"{name} added {figure}");
        }

        return table.ToString();
    }

    private static string Hook(Series series)
    {
        var table = new MarkdownTable("", "ms");
        foreach (var name in HookMeasure.Names)
            table.Add(name, $"{Text.Number(series.Median(name))} ({Text.Number(series.Least($"{name} least"))}–{Text.Number(series.Most($"{name} most"))})");
        return table.ToString();
    }
}
