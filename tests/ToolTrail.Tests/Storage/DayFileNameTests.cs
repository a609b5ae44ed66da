using CsCheck;
using ToolTrail.Storage;

namespace ToolTrail.Tests.Storage;

public sealed class DayFileNameTests
{
    [Theory]
    [InlineData("2026-11-23.jsonl", 1)]
    [InlineData("2026-11-23.2.jsonl", 2)]
    [InlineData("2026-11-23.117.jsonl", 117)]
    public void TryParse_DayFile_GivesDayAndPart(string fileName, int part)
    {
        Assert.True(DayFileName.TryParse(fileName, out var name));
        Assert.Equal(new DayFileName(new DateOnly(2026, 11, 23), part), name);
        Assert.Equal(fileName, name.ToString());
    }

    [Theory]
    [InlineData("2026-11-23.checkpoint")]
    [InlineData("2026-11-23.1.jsonl")]
    [InlineData("2026-11-23.02.jsonl")]
    [InlineData("2026-11-23.-2.jsonl")]
    [InlineData("2026-11-23..jsonl")]
    [InlineData("2026-13-23.jsonl")]
    [InlineData(".jsonl")]
    [InlineData("")]
    public void TryParse_OtherFile_Refuses(string fileName) => Assert.False(DayFileName.TryParse(fileName, out _));

    [Fact]
    public void ToString_ReadsBackAsItself() =>
        Gen.Select(Gen.DateOnly, Gen.Int[1, 10_000]).Select((day, part) => new DayFileName(day, part)).Sample(name =>
            DayFileName.TryParse(name.ToString(), out var read) && read == name);

    [Fact]
    public void CompareTo_OrdersByDayThenPart()
    {
        string[] names = ["2026-11-23.10.jsonl", "2026-11-24.jsonl", "2026-11-23.2.jsonl", "2026-11-23.jsonl"];
        var sorted = names.Select(text => DayFileName.TryParse(text, out var name) ? name : default).Order().Select(name => name.ToString());
        Assert.Equal(["2026-11-23.jsonl", "2026-11-23.2.jsonl", "2026-11-23.10.jsonl", "2026-11-24.jsonl"], sorted);
    }
}
