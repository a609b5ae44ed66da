namespace ToolTrail.Mcp.Proxy;

/// <summary>Looks at the lines of one direction before they go on. Called by one thread, a line after the other.</summary>
internal interface ILineInspector
{
    /// <summary>Looks at a line.</summary>
    /// <param name="line">The line with its end, or the last bytes without one. Stays unchanged until the task has completed.</param>
    /// <returns><c>null</c>: the line passes as it is. Otherwise what goes on in its place, perhaps nothing.</returns>
    ValueTask<byte[]?> InspectAsync(ReadOnlyMemory<byte> line);

    /// <summary>Looks at the beginning of a line that is too long to be held.</summary>
    /// <returns>Whether the line passes.</returns>
    ValueTask<bool> BeginLongLineAsync(SkimmedMessage line);

    /// <summary>Whether a line that passes still does, asked before each further part goes on. Where it does not, it is cut off there: nobody takes half a message.</summary>
    bool GoesOn(SkimmedMessage line);

    /// <summary>Looks at what such a line turned out to be, before its last part goes on.</summary>
    ValueTask EndLongLineAsync(SkimmedMessage line);
}
