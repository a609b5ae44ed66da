using Microsoft.Extensions.Time.Testing;
using ToolTrail.Mcp.Http;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>Sessions that are forgotten.</summary>
public sealed class HttpSessionsTests
{
    [Fact]
    public void RemoveIdle_TakesThoseThatNobodyUsedForADay_Once()
    {
        var time = new FakeTimeProvider();
        var sessions = new HttpSessions(time);
        var idle = sessions.Of("idle", Scope);
        var used = sessions.Of("used", Scope);
        time.Advance(TimeSpan.FromHours(20));
        Assert.Empty(sessions.RemoveIdle());
        Assert.Same(used, sessions.Of("used", Scope));

        time.Advance(TimeSpan.FromHours(5));
        Assert.Equal([idle], sessions.RemoveIdle());
        Assert.Empty(sessions.RemoveIdle());
        Assert.Same(used, sessions.Remove("used"));
        Assert.Null(sessions.Remove("idle"));
    }

    [Fact]
    public void RemoveIdle_OfTooMany_TakesThoseThatNobodyUsedForLongest()
    {
        var time = new FakeTimeProvider();
        var sessions = new HttpSessions(time);
        for (var i = 0; i <= HttpSessions.Most; i++)
        {
            Assert.Empty(sessions.RemoveIdle());
            sessions.Of($"{i}", Scope);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var first = sessions.Of("0", Scope);
        var removed = sessions.RemoveIdle();
        Assert.InRange(removed.Count, 1, HttpSessions.Most / 2);
        Assert.DoesNotContain(first, removed);
        Assert.Null(sessions.Remove("1"));
        Assert.NotNull(sessions.Remove($"{HttpSessions.Most}"));
    }

    private static CallScope Scope() => new(new ToolCallRecord { User = "ada", Tool = "" });
}
