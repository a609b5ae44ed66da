namespace ToolTrail.Mcp.Proxy;

/// <summary>Writes JSON-RPC batches.</summary>
internal static class Batch
{
    /// <summary>A line that holds the messages as a JSON array.</summary>
    public static byte[] Join(List<ReadOnlyMemory<byte>> messages)
    {
        using var line = new MemoryStream();
        for (var i = 0; i < messages.Count; i++)
        {
            line.WriteByte(i == 0 ? (byte)'[' : (byte)',');
            line.Write(messages[i].Span);
        }

        line.Write("]\n"u8);
        return line.ToArray();
    }
}
