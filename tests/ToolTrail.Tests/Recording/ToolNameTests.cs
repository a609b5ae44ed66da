using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Tests.Recording;

/// <summary>Rules find an MCP server's tool also where a host puts the server's name before it.</summary>
public sealed class ToolNameTests
{
    [Theory]
    [InlineData("write_file", null, true)]
    [InlineData("mcp__files__write_file", null, true)]
    [InlineData("mcp__files__write_file", "files", true)]
    [InlineData("mcp_files_write_file", "files", true)]
    [InlineData("mcp_My_Files__write_file", "My Files!", true)]
    [InlineData("mcp_files_write_file", "mcp_files", true)]
    [InlineData("mcp_write_file", "mcp", true)]
    [InlineData("mcp_files_write_file", null, false)]
    [InlineData("mcp_files_write_file", "other", false)]
    [InlineData("mcp__files__read_file", null, false)]
    [InlineData("mcp__write_file", null, false)]
    [InlineData("overwrite_file", null, false)]
    public void Rules_FindAToolByItsOwnName(string tool, string? server, bool isFound)
    {
        var rule = new PolicyRule { Name = "no-writes", Effect = PolicyEffect.Deny, Tool = "write_*" };
        Assert.Equal(isFound ? null : "tool", rule.MismatchOf(new ToolCallRecord { User = "ann", Tool = tool, Server = server }));

        var settings = new TrailSettings
        {
            Levels = [new LevelRule { Tool = "write_*", Level = RecordLevel.None }],
            Delivery = new DeliverySettings { Rules = [new DeliveryRule { Tool = "write_*", Mode = DeliveryMode.Durable }] },
        };
        Assert.Equal(isFound, settings.LevelOf(tool, server) == RecordLevel.None);
        Assert.Equal(isFound, settings.Delivery.Of(tool, server).Mode == DeliveryMode.Durable);
    }

    [Fact]
    public void TheFullName_IsStillFound_AndTheMoreSpecificRuleWins()
    {
        var settings = new TrailSettings
        {
            Levels = [new LevelRule { Tool = "read", Level = RecordLevel.Metadata }, new LevelRule { Tool = "mcp__files__*", Level = RecordLevel.Arguments }],
        };
        Assert.Equal(RecordLevel.Metadata, settings.LevelOf("mcp__files__read"));
        Assert.Equal(RecordLevel.Arguments, settings.LevelOf("mcp__files__write"));
        Assert.Equal(RecordLevel.Full, settings.LevelOf("mcp__mail__write"));
    }
}
