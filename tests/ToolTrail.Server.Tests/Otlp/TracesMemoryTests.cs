using System.Net.Http.Headers;
using System.Text;
using ToolTrail.Server.Access;
using ToolTrail.Server.Otlp;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Otlp;

/// <summary>What is small when it is sent and large when it is read. Measures memory, so that nothing else may run beside it.</summary>
[Collection(nameof(TracesMemoryTests))]
[CollectionDefinition(nameof(TracesMemoryTests), DisableParallelization = true)]
public sealed class TracesMemoryTests
{
    private const long MostHeld = 64 * 1024 * 1024;

    private const int Longest = OtlpIntake.MostBytes - 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("spans", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("resources", HttpStatusCode.OK)]
    [InlineData("attributes", HttpStatusCode.OK)]
    [InlineData("values", HttpStatusCode.OK)]
    [InlineData("members", HttpStatusCode.OK)]
    [InlineData("zeros", HttpStatusCode.BadRequest)]
    public async Task Protobuf_OfMillionsOfEmptyParts_IsReadWithBoundedMemory(string parts, HttpStatusCode status) => await MeasureAsync("application/x-protobuf", status, parts switch
    {
        "spans" => Message(1, Message(2, Many([0x12, 0]))),
        "resources" => Many([0x0A, 0]),
        "attributes" => Message(1, Message(2, Message(2, [.. Message(5, "execute_tool x"u8.ToArray()), .. Many([0x4A, 0])]))),
        "values" => Message(1, Message(2, Message(2, Message(9, [.. Message(1, "gen_ai.tool.call.arguments"u8.ToArray()), .. Message(2, Message(5, Many([0x0A, 0])))])))),
        "members" => Message(1, Message(2, Message(2, Message(9, [.. Message(1, "gen_ai.tool.call.arguments"u8.ToArray()), .. Message(2, Message(6, Many([0x0A, 0])))])))),
        _ => new byte[Longest],
    });

    [Theory]
    [InlineData("", "[", "", HttpStatusCode.BadRequest)]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{}""", ",{}", "", HttpStatusCode.BadRequest)]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{}""", ",{}", "]}]}]}", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{}""", ",{}", "]}]}]}]}", HttpStatusCode.OK)]
    [InlineData("""{"resourceSpans":[{"resource":{"attributes":[{"key":"user.id","value":{"arrayValue":{"values":[{}""", ",{}", "]}}}]}}]}", HttpStatusCode.OK)]
    public async Task Json_OfMillionsOfEmptyParts_IsReadWithBoundedMemory(string before, string repeated, string after, HttpStatusCode status) =>
        await MeasureAsync("application/json", status, [.. Encoding.ASCII.GetBytes(before), .. Many(Encoding.ASCII.GetBytes(repeated)), .. Encoding.ASCII.GetBytes(after)]);

    [Fact]
    public async Task AResourceThatManySpansShare_IsNotHeldOnceASpan()
    {
        var text = Message(1, Message(1, [.. Enumerable.Repeat((byte)'x', 400)]));
        var arguments = Message(2, Message(5, [.. Enumerable.Repeat(text, 100).SelectMany(item => item)]));
        var resource = Message(1, Message(1, [.. Message(1, "gen_ai.tool.call.arguments"u8.ToArray()), .. arguments]));
        await MeasureAsync("application/x-protobuf", HttpStatusCode.OK, Message(1, [.. resource, .. Message(2, [.. Enumerable.Range(1, 20_000).SelectMany(Span)])]));

        static byte[] Span(int number) =>
            Message(2, [.. Message(1, [1, .. new byte[15]]), .. Message(2, [1, 0, 0, 0, .. BitConverter.GetBytes(number)]), .. Message(5, "execute_tool x"u8.ToArray())]);
    }

    [Fact]
    public async Task ABodyThatGrowsWithoutBound_IsRefused() =>
        await MeasureAsync("application/json", HttpStatusCode.RequestEntityTooLarge, new byte[256 * 1024 * 1024]);

    private static async Task MeasureAsync(string contentType, HttpStatusCode status, byte[] body)
    {
        using var content = new ByteArrayContent(Gzip.Compress(body));
        body = [];
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        content.Headers.ContentEncoding.Add("gzip");
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var posting = client.PostAsync("/v1/traces", content, Cancel);
        var peak = before;
        do
        {
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
        }
        while (await Task.WhenAny(posting, Task.Delay(20, Cancel)) != posting);

        using var response = await posting;
        Assert.True(status == response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
        Assert.True(peak - before < MostHeld, $"{(peak - before) / 1024 / 1024} MiB were held.");
    }

    private static byte[] Many(byte[] part)
    {
        var all = new byte[Longest / part.Length * part.Length];
        for (var at = 0; at < all.Length; at += part.Length)
            part.CopyTo(all, at);
        return all;
    }

    private static byte[] Message(int field, byte[] content)
    {
        List<byte> head = [(byte)((field << 3) | 2)];
        var length = content.Length;
        for (; length > 0x7F; length >>= 7)
            head.Add((byte)(length | 0x80));
        head.Add((byte)length);
        return [.. head, .. content];
    }
}
