using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>Notes what it is shown, and decides by a rule.</summary>
/// <param name="decide">Of a line: what goes on in its place; <c>null</c>: the line itself.</param>
internal sealed class ListeningInspector(Func<byte[], byte[]?>? decide = null) : ILineInspector
{
    public List<byte[]> Lines { get; } = [];

    public List<SkimmedMessage> LongLines { get; } = [];

    public bool LongLinesPass { get; init; } = true;

    public long LongestThatGoesOn { get; init; } = long.MaxValue;

    public async ValueTask<byte[]?> InspectAsync(ReadOnlyMemory<byte> line)
    {
        Lines.Add(line.ToArray());

        // Half of the lines are decided later: the pump must wait for those, and go on in order.
        if (Lines.Count % 2 == 0)
            await Task.Yield();
        return decide?.Invoke(Lines[^1]);
    }

    public ValueTask<bool> BeginLongLineAsync(SkimmedMessage line) => ValueTask.FromResult(LongLinesPass);

    public bool GoesOn(SkimmedMessage line) => line.Length <= LongestThatGoesOn;

    public ValueTask EndLongLineAsync(SkimmedMessage line)
    {
        LongLines.Add(line);
        return ValueTask.CompletedTask;
    }
}
