using System.Text;

namespace ToolTrail.Testing;

/// <summary>What a witness answers.</summary>
public sealed record TestWitnessAnswer(int Status, string? MediaType, byte[] Body)
{
    /// <summary>Comes before the end of the answer, whose length is not told; <c>null</c>: at once.</summary>
    public Task? BeforeTheEnd { get; init; }

    /// <summary>Where it sends.</summary>
    public Uri? Location { get; init; }

    /// <summary>All that goes over the line, instead of HTTP.</summary>
    public byte[]? Raw { get; init; }

    public static TestWitnessAnswer Of(int status, string text) => new(status, "text/plain", Encoding.UTF8.GetBytes(text));

    public static TestWitnessAnswer OfRaw(byte[] bytes) => new(0, null, []) { Raw = bytes };

    public byte[] ToBytes()
    {
        if (Raw is not null)
            return Raw;
        var head = new StringBuilder($"HTTP/1.1 {Status} Status\r\nConnection: close\r\n");
        if (MediaType is not null)
            head.Append($"Content-Type: {MediaType}\r\n");
        if (Location is not null)
            head.Append($"Location: {Location}\r\n");
        if (BeforeTheEnd is null)
            head.Append($"Content-Length: {Body.Length}\r\n");
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. Body];
    }
}
