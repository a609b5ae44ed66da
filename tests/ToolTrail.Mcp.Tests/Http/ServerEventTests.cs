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
    [InlineData("data: a\r\n\rb", 10)]
    [InlineData("\r\n\r\n", 2)]
    public void EndOf_IsBehindTheFirstBlankLine_HoweverTheStreamIsCut(string stream, int end)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var searched = 0;
        Assert.Equal(end, ServerEvent.EndOf(bytes, ref searched));

        // Byte by byte, never going back.
        searched = 0;
        var found = -1;
        for (var i = 1; i <= bytes.Length && found < 0; i++)
        {
            found = ServerEvent.EndOf(bytes.AsSpan(0, i), ref searched);
            Assert.InRange(searched, found < 0 ? i - 1 : 0, found < 0 ? i : 0);
        }

        Assert.Equal(end, found);
    }
}
