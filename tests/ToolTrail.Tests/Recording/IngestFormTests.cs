using System.Text;
using CsCheck;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Recording;

/// <summary>One value, an array, lines: in whatever form records come, and wherever it is broken.</summary>
public sealed class IngestFormTests : IAsyncDisposable
{
    private readonly Ingest _ingest = new();

    public ValueTask DisposeAsync() => _ingest.DisposeAsync();

    public static TheoryData<string, int> Inputs()
    {
        var data = new TheoryData<string, int>();
        foreach (var size in new[] { 1, 2, 3, 7, 4096 })
        {
            data.Add(Ingest.Call("a") + "\n" + Ingest.Call("b") + "\n", size);
            data.Add(Ingest.Call("a") + "\r\n" + Ingest.Call("b"), size);
            data.Add("\uFEFF" + Ingest.Call("a") + "\n" + Ingest.Call("b"), size);
            data.Add($"[{Ingest.Call("a")},{Ingest.Call("b")}]", size);
            data.Add($"\n [\n{Ingest.Call("a")} ,\n\t{Ingest.Call("b")}\n]\n\n", size);
            data.Add("""{ "user": "ann",""" + "\n  \"tool\": \"a\", \"args\": {\n    \"x\": [\n      {}, \"}]\\\"{\" ] },\n\"status\": \"ok\"\n}\n{\n" + Ingest.Call("b")[1..], size);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Ingest_EveryForm_StoresTheRecordsInOrder(string input, int bytesARead)
    {
        var summary = await _ingest.Take(input, bytesARead);
        Assert.Equal(new IngestSummary(2, 0, 0), summary);
        Assert.Equal(["a", "b"], _ingest.Tools());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \t\r\n")]
    [InlineData("[]")]
    [InlineData(" [ \n ] ")]
    public async Task Ingest_NoRecords_IsNoError(string input) => Assert.Equal(new IngestSummary(0, 0, 0), await _ingest.Take(input, 1));

    [Theory]
    [InlineData("A\n\n  \nB\nx\nB", new long[] { 1, 4, 6 }, new long[] { 5 })]
    [InlineData("\n\nA\n{\"user\":\nB", new long[] { 3, 5 }, new long[] { 4 })]
    [InlineData("{\"user\":\"ann\",\nA\nB", new long[] { 2, 3 }, new long[] { 1 })]
    [InlineData("A\n{\"user\":\"ann\",\"args\":{\"x\":\"cut o\nB", new long[] { 1, 3 }, new long[] { 2 })]
    [InlineData("{\"user\":\"ann\",\n  \"tool\":\nA\nB", new long[] { 3, 4 }, new long[] { 1, 2 })]
    [InlineData("A\n{\"user\":\"ann\",\n", new long[] { 1 }, new long[] { 2 })]
    [InlineData("{\n\n\"user\":\"ann\",\"tool\":\"t\",\n\"status\":\"ok\"}\nB", new long[] { 1, 5 }, new long[0])]
    [InlineData("A A\nB", new long[] { 2 }, new long[] { 1 })]
    [InlineData("}\n]\nA\n5\n\"x\"\nnull\n[A]\nB", new long[] { 3, 8 }, new long[] { 1, 2, 4, 5, 6, 7 })]
    [InlineData("[A,x,B]", new long[] { 1, 3 }, new long[] { 2 })]
    [InlineData("[A B,A]", new long[] { 2 }, new long[] { 1 })]
    [InlineData("[A,,B,]", new long[] { 1, 3 }, new long[] { 2, 4 })]
    [InlineData("[A,{\"x\":[}],B]", new long[] { 1, 3 }, new long[] { 2 })]
    [InlineData("[A,B", new long[] { 1, 2 }, new long[] { 3 })]
    [InlineData("[A,", new long[] { 1 }, new long[] { 2 })]
    [InlineData("[A,{\"user\":", new long[] { 1 }, new long[] { 2, 3 })]
    [InlineData("[A,\"cut o,B,A,B]", new long[] { 1 }, new long[] { 2, 3 })]
    [InlineData("[A] B B", new long[] { 1 }, new long[] { 2 })]
    [InlineData("[A]]]]", new long[] { 1 }, new long[] { 2 })]
    [InlineData("[", new long[0], new long[] { 1 })]
    public async Task Ingest_BrokenInput_RefusesThatPartWithItsNumberAndStoresTheRest(string input, long[] stored, long[] refused)
    {
        var text = input.Replace("A", Ingest.Call("a"), StringComparison.Ordinal).Replace("B", Ingest.Call("b"), StringComparison.Ordinal);
        foreach (var bytesARead in new[] { 1, 5, 4096 })
        {
            _ingest.Stored.Clear();
            _ingest.Refused.Clear();
            var summary = await _ingest.Take(text, bytesARead);
            Assert.Equal(stored, _ingest.Stored);
            Assert.Equal(refused, _ingest.RefusedNumbers);
            Assert.Equal(new IngestSummary(stored.Length, refused.Length, 0), summary);
        }

        Assert.Equal(3 * stored.Length, _ingest.Lines().Count);
    }

    [Theory]
    [InlineData("[A] B", "follows the end of the array")]
    [InlineData("[A", "The input ended before the array did")]
    [InlineData("x", "not JSON")]
    [InlineData("A A", "JSON")]
    [InlineData("{\"tool\":\"t\",\"status\":\"ok\"}", "lacks \"user\"")]
    [InlineData("{\"user\":\"tooltrail\",\"tool\":\"t\",\"status\":\"ok\"}", "reserved")]
    [InlineData("{\"user\":\"u\",\"tool\":\"tooltrail.gap\",\"status\":\"lost\"}", "reserved")]
    public async Task Ingest_Refusal_SaysWhy(string input, string expected)
    {
        await _ingest.Take(input.Replace("A", Ingest.Call("a"), StringComparison.Ordinal).Replace("B", Ingest.Call("b"), StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Single(_ingest.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_AnyLinesInAnyPieces_StoresTheGoodAndRefusesTheBad()
    {
        var line = Gen.OneOf(
            Gen.String[0, 40].Select(text => (Ingest.Call("t", more: $",\"args\":{{\"x\":{System.Text.Json.JsonSerializer.Serialize(text)}}}"), true)),
            Gen.OneOf("x", "{\"user\":\"ann\",", "{\"user\":\"an", "[1]", "{}", "\"", "{\"a\":[{\"b\":", "{{{{").Select(text => (text, false)));
        var stored = 0;
        await Gen.Select(line.Array[0, 12], Gen.Int[1, 40]).SampleAsync(
            async (lines, bytesARead) =>
            {
                _ingest.Stored.Clear();
                _ingest.Refused.Clear();
                // A record first: a bracket there would make all of it an array.
                lines = [(Ingest.Call("t"), true), .. lines];
                await _ingest.Take(string.Join('\n', lines.Select(l => l.Item1)), bytesARead);
                stored += _ingest.Stored.Count;
                Assert.Equal(lines.Index().Where(l => l.Item.Item2).Select(l => l.Index + 1L), _ingest.Stored);
                Assert.Equal(lines.Index().Where(l => !l.Item.Item2).Select(l => l.Index + 1L), _ingest.RefusedNumbers);
            },
            iter: 100,
            threads: 1);
        Assert.Equal(stored, _ingest.Lines().Count);
    }

    [Theory]
    [InlineData("A\n{\"user\":\"…\"}\nB", new long[] { 1, 3 }, new long[] { 2 })]
    [InlineData("A\n{\"user\":\"ann\",\n\"x\":\n\"…\"\n,\"y\":{}\n}\nB", new long[] { 1, 7 }, new long[] { 2 })]
    [InlineData("A\n{\"user\":\"ann\",\n\"x\":\n\"…\"\nB", new long[] { 1, 5 }, new long[] { 2 })]
    [InlineData("A\n…", new long[] { 1 }, new long[] { 2 })]
    [InlineData("[A,\"…\",B]", new long[] { 1, 3 }, new long[] { 2 })]
    [InlineData("[A,{\"x\":\"…\"}", new long[] { 1 }, new long[] { 2, 3 })]
    [InlineData("[A,…", new long[] { 1 }, new long[] { 2, 3 })]
    public async Task Ingest_RecordBeyondTheLongest_IsRefusedWithItsNumberInBoundedMemory(string input, long[] stored, long[] refused)
    {
        var (begin, end) = input.Replace("A", Ingest.Call("a"), StringComparison.Ordinal).Replace("B", Ingest.Call("b"), StringComparison.Ordinal).Split('…') switch
        {
            var parts => (Encoding.UTF8.GetBytes(parts[0]), Encoding.UTF8.GetBytes(parts[1])),
        };
        var filler = Enumerable.Repeat((byte)'x', 1024 * 1024).ToArray();
        using var pool = new CountingMemoryPool();
        await _ingest.Take(new SlowStream([begin, .. Enumerable.Repeat(filler, 40), end]), pool);
        Assert.Equal(stored, _ingest.Stored);
        Assert.Equal(refused, _ingest.RefusedNumbers);
        Assert.Contains("16 MiB", _ingest.Refused[0].Error, StringComparison.Ordinal);
        Assert.InRange(pool.MostRented, 1, RecordIngest.MaxRecordBytes + (1024 * 1024));
    }

    [Fact]
    public async Task Ingest_RecordJustWithinTheLongest_IsStoredCut()
    {
        var record = Ingest.Call("a", more: ",\"result\":\"");
        record += new string('x', RecordIngest.MaxRecordBytes - record.Length - 3) + "\"}";
        await _ingest.Take(record + "\n" + record.Replace("xx", "xxxx", StringComparison.Ordinal));
        Assert.Equal([1L], _ingest.Stored);
        Assert.Equal(300, Assert.Single(_ingest.Lines()).GetProperty("result_snippet").GetString()!.Length);
    }
}
