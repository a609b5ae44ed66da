using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Sealing;

/// <summary>What is not in its format is told as such, whatever it is instead.</summary>
public sealed class SealingFormatTests
{
    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"event":"unheard of","time":"2026-11-20T12:00:00.000Z"}""")]
    [InlineData("""{"event":"99999999999","time":"2026-11-20T12:00:00.000Z"}""")]
    [InlineData("""{"event":"erased","time":"then"}""")]
    [InlineData("""{"event":"erased","time":"2026-11-20T12:00:00.000Z","lines":[[0]]}""")]
    [InlineData("""{"event":"erased","time":"2026-11-20T12:00:00.000Z","lines":[7]}""")]
    [InlineData("""{"event":"erased","time":"2026-11-20T12:00:00.000Z","kept":[{}]}""")]
    public void Event_NotInItsFormat_IsRefused(string json) =>
        Assert.Throws<IntegrityFormatException>(() => SealEvent.Parse("home-1", $"home-1/event\n{json}\n"));

    [Theory]
    [InlineData("")]
    [InlineData("tooltrail tree 1\ntree 1 0\n")]
    [InlineData("tooltrail tree 1\ntree 1 1\nend\n")]
    [InlineData("tooltrail tree 1\ntree 99999999999999999999 0\nend\n")]
    [InlineData("tooltrail tree 1\nalarm\nend\n")]
    public void TreeState_ThatCannotBeRead_IsNone(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("state"), text);
        Assert.Null(TreeState.Read(folder.At("state")));
    }
}
