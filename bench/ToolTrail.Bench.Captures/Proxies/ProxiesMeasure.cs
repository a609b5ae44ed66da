using System.Globalization;

namespace ToolTrail.Bench.Proxy;

/// <summary>
/// What the proxy adds to a call: two clients of the same server, one through the proxy, make their calls in turn, so that both see the same machine.
/// </summary>
internal static class Measurement
{
    private const int WarmUp = 2_000;
    private const double MostAdded = 300;

    /// <summary>Measures and prints a table.</summary>
    /// <returns>0 when the proxy adds less than 0.3 ms in the median, else 1.</returns>
    public static async Task<int> RunAsync(int calls)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var tool = Path.Combine(here.Parent!.Parent!.FullName, "ToolTrail.Cli", here.Name, "tooltrail");
        string[] server = [Environment.ProcessPath!, "serve"];
        var home = Directory.CreateTempSubdirectory("tooltrail-bench-").FullName;
        try
        {
            await Console.Out.WriteLineAsync("| message | direct p50 | proxied p50 | **added p50** | direct p99 | proxied p99 |");
            await Console.Out.WriteLineAsync("|---|---|---|---|---|---|");
            var added = new List<double>();
            foreach (var size in new[] { 20, 4_000 })
                added.Add(await MeasureAsync(calls, size, server, [tool, "proxy", "--home", home, "--", .. server]));
            return added.TrueForAll(each => each < MostAdded) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(int calls, int size, string[] server, string[] proxy)
    {
        var message = new string('x', size);
        using var direct = new EchoClient(server, message);
        using var proxied = new EchoClient(proxy, message);
        for (var i = 0; i < WarmUp; i++)
        {
            direct.Call();
            proxied.Call();
        }

        var directTimes = new double[calls];
        var proxiedTimes = new double[calls];
        for (var i = 0; i < calls; i++)
        {
            directTimes[i] = direct.Call();
            proxiedTimes[i] = proxied.Call();
        }

        Array.Sort(directTimes);
        Array.Sort(proxiedTimes);
        var added = At(proxiedTimes, 0.5) - At(directTimes, 0.5);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {size} characters | {At(directTimes, 0.5):0} µs | {At(proxiedTimes, 0.5):0} µs | **{added:0} µs** | {At(directTimes, 0.99):0} µs | {At(proxiedTimes, 0.99):0} µs |"));
        return added;
    }

    private static double At(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
}
