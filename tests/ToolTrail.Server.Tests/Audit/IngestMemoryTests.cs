using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Audit;

/// <summary>Measures memory, so that nothing else may run beside it.</summary>
[Collection(nameof(IngestMemoryTests))]
[CollectionDefinition(nameof(IngestMemoryTests), DisableParallelization = true)]
public sealed class IngestMemoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_OfAnyLength_IsTaken_WithBoundedMemory()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        // Each line is larger than what is kept of it, and all of them than what a body may be elsewhere.
        var line = Encoding.UTF8.GetBytes($$"""{"user":"alice","tool":"t","status":"ok","result":"{{new string('x', 64_000)}}"}""" + "\n");
        const int Count = 1_500;
        var pipe = new Pipe();
        var peak = 0L;
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < Count; i++)
                {
                    await pipe.Writer.WriteAsync(line, Cancel);
                    if (i % 100 == 0)
                        peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
                }

                await pipe.Writer.CompleteAsync();
            },
            Cancel);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var content = new StreamContent(pipe.Reader.AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");

        using var response = await client.PostAsync("/api/audit/records", content, Cancel);
        await writing;

        Assert.Equal(Count, (await response.JsonAsync()).GetProperty("stored").GetInt64());
        Assert.True(peak - before < 48 * 1024 * 1024, $"{(peak - before) / 1024 / 1024} MiB were held of {Count * (long)line.Length / 1024 / 1024} MiB sent.");
    }
}
