using System.Diagnostics;
using System.Text;

namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>A client that makes one call after the other and times each.</summary>
internal abstract class EchoClient : IDisposable
{
    /// <summary>The protocol's version that all of them speak.</summary>
    protected const string Version = "2025-06-18";

    private int _id;

    /// <summary>Makes a call.</summary>
    /// <param name="message">What it says.</param>
    /// <returns>From before the first byte is sent until the last one is received, in microseconds.</returns>
    /// <exception cref="InvalidOperationException">The answer does not say the same.</exception>
    public double Call(string message)
    {
        var request = Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":{{{++_id}}},"method":"tools/call","params":{"name":"echo","arguments":{"message":"{{{message}}}"} } }""");
        var started = Stopwatch.GetTimestamp();
        var answer = Exchange(request);
        var took = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        return answer.IndexOf(Encoding.UTF8.GetBytes(message)) >= 0
            ? took
            : throw new InvalidOperationException($"A wrong answer: {Encoding.UTF8.GetString(answer)}");
    }

    public abstract void Dispose();

    /// <summary>Sends a message, and receives what comes for it.</summary>
    protected abstract ReadOnlySpan<byte> Exchange(byte[] message);

    /// <summary>Begins a session, as the protocol asks.</summary>
    protected void Initialize()
    {
        Exchange(Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{Version}}}","capabilities":{},"clientInfo":{"name":"bench","version":"1"} } }"""));
        Notify("""{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray());
    }

    /// <summary>Sends a message that gets no answer.</summary>
    protected abstract void Notify(byte[] message);
}
