using System.Diagnostics;
using System.Text;

namespace ToolTrail.Bench.Proxy;

/// <summary>A client that makes one call after the other and times each.</summary>
internal sealed class EchoClient : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly string _message;
    private readonly Process _server;
    private int _id;

    /// <param name="command">The server's command, or a proxy's in front of it.</param>
    /// <param name="message">What each call says.</param>
    public EchoClient(string[] command, string message)
    {
        _message = message;
        _server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Makes a call.</summary>
    /// <returns>From the first byte sent to the last one received, in microseconds.</returns>
    public double Call()
    {
        var request = Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":{{{++_id}}},"method":"tools/call","params":{"name":"echo","arguments":{"message":"{{{_message}}}"} } }""" + "\n");
        var output = _server.StandardOutput.BaseStream;
        var started = Stopwatch.GetTimestamp();
        _server.StandardInput.BaseStream.Write(request);
        _server.StandardInput.BaseStream.Flush();
        int read;
        do
            read = output.Read(_buffer);
        while (read > 0 && _buffer[read - 1] != '\n');
        if (read == 0)
            throw new InvalidOperationException("The server ended.");
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    /// <summary>Ends the server and waits for it.</summary>
    public void Dispose()
    {
        _server.StandardInput.Close();
        _server.WaitForExit();
        _server.Dispose();
    }
}
