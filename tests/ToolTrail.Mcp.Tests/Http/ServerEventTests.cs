using System.Text;
using ToolTrail.Mcp.Http;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>Events of a stream, as the standard cuts them.</summary>
public sealed class ServerEventTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", 9)]
    [InlineData("data: a\r\n\r\nrest", 11)]
    [InlineData("data: a\r\rrest", 9)]
    [InlineData(": comment\n\n", 11)]
    [InlineData("\n", 1)]
    [InlineData("data: a\n", -1)]
    [InlineData("data: a\r\n\r", -1)]
    [InlineData("", -1)]
    public void EndOf_IsBehindTheFirstBlankLine(string stream, int end) => Assert.Equal(end, ServerEvent.EndOf(Encoding.UTF8.GetBytes(stream)));
}
