using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Tests.Records;

public sealed class TruncationTests
{
    [Fact]
    public void LongString_KeepsItsFirstCodePointsAndItsLength()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 501));
        var kept = string.Concat(Enumerable.Repeat("😀", 500));
        Assert.Equal(kept + " …[501 chars total]", Lines.Args($$"""{"x":"{{text}}"}""").GetProperty("x").GetString());
        Assert.Equal(kept, Lines.Args($$"""{"x":"{{kept}}"}""").GetProperty("x").GetString());
    }

    [Fact]
    public void HugeString_IsCountedWhole()
    {
        var text = string.Concat(Enumerable.Repeat("a\\n\\ud83d\\ude00é", 1_000_000));
        var value = Lines.Args($$"""{"x":"{{text}}"}""").GetProperty("x").GetString();
        Assert.EndsWith(" …[4000000 chars total]", value, StringComparison.Ordinal);
        Assert.StartsWith("a\n😀éa\n😀é", value, StringComparison.Ordinal);
    }

    [Fact]
    public void StringCutElsewhere_StaysAsItIs()
    {
        var cut = new string('a', 500) + " …[70000 chars total]";
        var line = Lines.Json(Lines.Call($$"""{"x":"{{cut}}"}"""));
        Assert.Equal(cut, line.GetProperty("args").GetProperty("x").GetString());
        Assert.False(line.TryGetProperty("args_digest", out _));
    }

    [Fact]
    public void LongArray_KeepsItsFirstItemsAndItsLength()
    {
        var items = Lines.Args($$"""{"x":[{{string.Join(',', Enumerable.Range(0, 250))}}]}""").GetProperty("x");
        Assert.Equal(101, items.GetArrayLength());
        Assert.Equal(99, items[99].GetInt32());
        Assert.Equal("…[250 items total]", items[100].GetString());
    }

    [Fact]
    public void LongObject_KeepsItsFirstMembersAndItsLength()
    {
        var args = Lines.Args("{" + string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"m{i}\":[{i}]")) + "}");
        Assert.Equal(101, args.EnumerateObject().Count());
        Assert.Equal("[150 members total]", args.GetProperty("…").GetString());
    }

    [Fact]
    public void WhatWasCutOnce_IsNotCutAgain()
    {
        var args = "{" + string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"m{i}\":[{string.Join(',', Enumerable.Range(0, 120))}]")) + "}";
        var once = Lines.Decode(Lines.Bytes(Lines.Call(args), Lines.Codec(new RecordLimits { ArrayItems = 20 })));
        var twice = Lines.Decode(Lines.Bytes(once, Lines.Codec(new RecordLimits { ArrayItems = 20 })));
        Assert.Equal(Encoding.UTF8.GetString(once.Arguments.Span), Encoding.UTF8.GetString(twice.Arguments.Span));
        Assert.Equal(once.ArgsDigest, twice.ArgsDigest);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(10_000, true)]
    public void DeepValue_BecomesAMarker(int arrays, bool cut) =>
        Assert.Equal(cut, Lines.Text(Lines.Call($$"""{"x":{{new string('[', arrays)}}1{{new string(']', arrays)}}}""")).Contains("\"…[nested]\"", StringComparison.Ordinal));

    [Fact]
    public void ArgumentsBeyondTheLine_BecomeTheirLength()
    {
        var args = "{" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"m{i}\":[{string.Join(',', Enumerable.Repeat('"' + new string('é', 300) + '"', 10))}]")) + "}";
        var line = Lines.Json(Lines.Call(args));
        Assert.Equal($$"""{"…":"[{{Encoding.UTF8.GetByteCount(args)}} bytes total]"}""", line.GetProperty("args").GetRawText());
        Assert.StartsWith("hmac-sha256:", line.GetProperty("args_digest").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LongNumber_IsCutAsText()
    {
        var value = Lines.Args($$"""{"x":{{new string('7', 1000)}}}""").GetProperty("x");
        Assert.Equal(new string('7', 500) + " …[1000 chars total]", value.GetString());
    }

    [Fact]
    public void LongNames_AreCut()
    {
        var line = Lines.Json(Lines.Call($$"""{"{{new string('n', 600)}}":1}""", tool: new string('t', 501)));
        Assert.Equal(new string('n', 500) + " …[600 chars total]", line.GetProperty("args").EnumerateObject().Single().Name);
        Assert.Equal(new string('t', 500) + " …[501 chars total]", line.GetProperty("tool").GetString());
    }

    [Fact]
    public void EverythingAtItsLongest_StillFitsTheLine()
    {
        var longest = new string('\u2028', 20_000);
        var record = new ToolCallRecord
        {
            User = longest, Tool = longest, Status = new ToolCallStatus(longest), Result = longest, Id = longest, CallId = longest, Session = longest, Agent = longest,
            Engine = longest, Model = longest, Source = longest, Server = longest, DurationMs = double.MinValue, Reason = longest,
            Error = new ToolCallError(longest, longest), TraceId = longest, SpanId = longest, ArgsDigest = longest, ResultDigest = longest,
            Redacted = [.. Enumerable.Range(0, 1000).Select(i => i + longest)],
            Arguments = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Enumerable.Repeat(longest, 200))),
            Extra = Encoding.UTF8.GetBytes($$"""{"x":{{JsonSerializer.Serialize(Enumerable.Repeat(longest, 200))}}}"""),
        };
        foreach (var chars in new[] { 1, 500, 10_000 })
        {
            var line = Lines.Bytes(record, Lines.Codec(new RecordLimits { StringChars = chars, SnippetChars = chars, ArrayItems = 10_000 }));
            Assert.InRange(line.Length, 1, RecordCodec.MaxLineBytes);
            Assert.NotNull(Lines.Decode(line));
        }
    }
}
