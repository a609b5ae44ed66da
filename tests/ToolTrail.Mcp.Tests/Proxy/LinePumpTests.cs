using System.Text;
using CsCheck;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Tests.Proxy;

public sealed class LinePumpTests
{
    // Bytes of every kind, line ends often enough.
    private static readonly Gen<byte[]> Part = Gen.Frequency((1, Gen.Const((byte)'\n')), (6, Gen.Byte)).Array[0, 200];

    [Fact]
    public void AnyBytes_InAnyParts_ArriveUnchanged() => Part.Array[0, 30].Sample(parts =>
    {
        var inspector = new ListeningInspector();
        var expected = parts.SelectMany(part => part).ToArray();
        Assert.Equal(expected, Relay(inspector, parts));
        Assert.Equal(expected, inspector.Lines.SelectMany(line => line));
        Assert.All(inspector.Lines.SkipLast(1), line => Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n')));
    });

    [Fact]
    public void Lines_ReplacedOrTakenOut_LeaveTheOthersInOrder() => Part.Array[0, 30].Sample(parts =>
    {
        byte[]? Decide(byte[] line) => line[0] < 60 ? [] : line[0] < 120 ? "other\n"u8.ToArray() : null;
        var inspector = new ListeningInspector(Decide);
        var output = Relay(inspector, parts);
        Assert.Equal([.. inspector.Lines.SelectMany(line => Decide(line) ?? line)], output);
    });

    [Fact]
    public void Line_OfManyReads_IsInspectedWhole()
    {
        var line = Encoding.UTF8.GetBytes(new string('x', 3_000_000) + "\n");
        var inspector = new ListeningInspector();
        var output = Relay(inspector, [.. line.Chunk(50_000), "next\n"u8.ToArray()]);
        Assert.Equal([.. line, .. "next\n"u8], output);
        Assert.Equal([line.Length, 5], inspector.Lines.Select(each => each.Length));
    }

    [Theory]
    [InlineData(true, "\n")]
    [InlineData(true, "")]
    [InlineData(false, "\n")]
    public void Line_LongerThanIsHeld_PassesAsItComesOrNotAtAll(bool passes, string end)
    {
        var message = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","method":"m","params":{"arguments":{"text":""" + '"');
        var text = new byte[LinePump.MaxHeldLine + 12_345];
        text.AsSpan().Fill((byte)'x');
        byte[][] parts = ["first\n"u8.ToArray(), message, text, Encoding.UTF8.GetBytes("\"}},\"id\":7}" + end), end.Length > 0 ? "last\n"u8.ToArray() : []];
        var inspector = new ListeningInspector { LongLinesPass = passes };

        var output = Relay(inspector, parts);

        var expected = parts.SelectMany(part => part).ToArray();
        if (passes)
            Assert.True(expected.AsSpan().SequenceEqual(output), "The bytes changed on their way.");
        else
            Assert.Equal("first\nlast\n", Encoding.UTF8.GetString(output));
        var line = Assert.Single(inspector.LongLines);
        Assert.Equal(("7", "m"), (line.Id?.Text, line.Method));
        Assert.Equal(message.Length + text.Length + parts[3].Length, line.Length);
        Assert.Equal(end.Length > 0 ? 2 : 1, inspector.Lines.Count);
    }

    [Fact]
    public void Line_ThatTurnsOutToBeAnotherThanItBegan_IsCutOff()
    {
        var text = new byte[LinePump.MaxHeldLine + 12_345];
        text.AsSpan().Fill((byte)' ');
        byte[][] parts = ["{\"a\":1"u8.ToArray(), text, "}"u8.ToArray(), "\n"u8.ToArray(), "last\n"u8.ToArray()];
        var inspector = new ListeningInspector { LongestThatGoesOn = parts[0].Length + text.Length };
        var output = Relay(inspector, parts);
        Assert.True(output.AsSpan().SequenceEqual((byte[])[.. parts[0], .. text, .. "\nlast\n"u8]), "It is not cut off where it turned.");
        Assert.Single(inspector.LongLines);
    }

    [Fact]
    public void Reader_ThatIsGone_EndsTheDirection()
    {
        var source = new ScriptedStream(["one\n"u8.ToArray(), "two\n"u8.ToArray()]);
        var broken = new BrokenPipe();
        Assert.False(new LinePump(source, new LineOutput(broken), new ListeningInspector()).Run());
        Assert.Equal(1, broken.Writes);
    }

    private static byte[] Relay(ListeningInspector inspector, IEnumerable<byte[]> parts)
    {
        using var target = new MemoryStream();
        Assert.True(new LinePump(new ScriptedStream(parts.Select(part => (ReadOnlyMemory<byte>)part)), new LineOutput(target), inspector).Run());
        return target.ToArray();
    }

    private sealed class BrokenPipe : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            throw new IOException("Broken pipe");
        }
    }
}
