using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ToolTrail.Testing;
using ToolTrail.Torture.Oracle;

namespace ToolTrail.Torture.Faults;

/// <summary>64 connections post records to a server, one a request and as fast as they are acknowledged, while 8 read the last ones and page on.</summary>
internal sealed class HeavyLoad : IFault
{
    private const int Posting = 64;
    private const int Reading = 8;
    private const int Users = 10;
    private const int MostMiB = 400;
    private static readonly string Result = new('x', 300);

    public string Key => "load";

    public string Title => "64 connections post, 8 read";

    public int Rounds => 1;

    public TimeSpan FullRun => TimeSpan.FromMinutes(5);

    public async Task RunAsync(FaultRun run)
    {
        var trail = run.NewTrail();
        var (posts, reads) = (new Latencies(), new Latencies());
        var began = Stopwatch.GetTimestamp();
        var time = run.Of(FullRun);
        await using (var server = await ServeProcess.StartAsync(trail.Home))
        {
            using var client = server.Client(trail.Home);
            using var end = new CancellationTokenSource(time);
            await Task.WhenAll([
                .. Enumerable.Range(0, Posting).Select(connection => PostAsync(run, trail, client, connection, posts, end.Token)),
                .. Enumerable.Range(0, Reading).Select(connection => ReadAsync(run, client, connection, reads, end.Token))]);
            var most = server.PeakMiB;
            run.Expect(most <= MostMiB, $"The server took {most} MiB.");
            run.Note(string.Create(CultureInfo.InvariantCulture, $"{posts.Count / time.TotalSeconds:N0} posts/s: {posts}; {reads.Count / time.TotalSeconds:N0} pages of 200/s: {reads}; {most} MiB at most"));
            var ended = await server.EndAsync("TERM");
            run.Expect(ended.ExitCode == 0, $"The server ended with {ended.ExitCode}: {ended.Errors}");
        }

        await run.EndRoundAsync(trail);
    }

    private static async Task PostAsync(FaultRun run, TrailUnderTest trail, HttpClient client, int connection, Latencies took, CancellationToken end)
    {
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            var id = $"c{connection}-{number}";
            using var content = new StringContent(
                $$"""{"user":"u{{number % Users}}","agent":"load","tool":"read_file","args":{"path":"/srv/data/{{number}}"},"status":"ok","id":"{{id}}","result":"{{Result}}"}""",
                Encoding.UTF8, "application/json");
            var began = Stopwatch.GetTimestamp();
            using var response = await client.PostAsync(new Uri("/api/audit/records", UriKind.Relative), content, CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(began));
            var answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (response.IsSuccessStatusCode && answer.Contains("\"stored\":1,", StringComparison.Ordinal))
                trail.Acknowledge(id);
            else
                run.Broken($"A record was not taken: {(int)response.StatusCode} {answer}");
        }
    }

    // The last records, then a page behind them; every other reader those of all users.
    private static async Task ReadAsync(FaultRun run, HttpClient client, int connection, Latencies took, CancellationToken end)
    {
        var whose = connection % 2 == 0 ? $"&user=u{connection}" : "";
        var cursor = "";
        while (!end.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            using var response = await client.GetAsync(new Uri($"/api/audit/recent?limit=200{whose}{cursor}", UriKind.Relative), CancellationToken.None);
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(began));
            if (!response.IsSuccessStatusCode)
            {
                run.Broken($"A page was not given: {(int)response.StatusCode} {text}");
                return;
            }

            using var page = JsonDocument.Parse(text);
            var next = page.RootElement.TryGetProperty("next", out var value) ? value.GetString() : null;
            cursor = cursor.Length == 0 && next is not null ? $"&cursor={next}" : "";
        }
    }
}
