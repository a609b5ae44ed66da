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

    private static CallScope Scope() => new(new ToolCallRecord { User = "ada", Tool = "" });
}
