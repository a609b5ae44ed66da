using System.Text;
using ToolTrail.Storage;
using ToolTrail.Testing;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

/// <summary>Parts of many lines, which nobody holds in memory.</summary>
public sealed class LargePartTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Pipeline_StopsWhenItIsToldTo()
    {
        new DayFiles(_home.Home).Append("ann", _home.Part().File.Day, 1, Enumerable.Repeat(DayFiles.Line(SealedHome.Time), 100_000));
        using var file = PartBytes.TryOpen(_home.PathOf())!;
        var (calls, told) = (0, 0L);
        var end = LeafPipeline.Read(file, file.Length, (_, _, offset) =>
        {
            calls++;
            told = offset;
            return calls < 2;
        });
        Assert.Equal((2, told), (calls, end));
        Assert.InRange(end, 1, file.Length - 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(299)]
    public async Task EachLine_CanBeProved(int lines)
    {
        await _home.RecordAsync("ann", lines);
        var prover = new TrailProver(_home.Home, _home.Log);
        var text = await File.ReadAllLinesAsync(_home.PathOf(), TestContext.Current.CancellationToken);
        for (var line = 0; line < lines; line++)
        {
            var proof = prover.Prove("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), line).ToString();
            Assert.Equal(line, ProvenLine.Check(proof, Encoding.UTF8.GetBytes(text[line]), _home.Log.VerifierKeys()).Line);
        }
    }
}
