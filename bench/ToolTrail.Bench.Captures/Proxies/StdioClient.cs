using System.Diagnostics;

namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>A client of a server that it starts, or of a proxy in front of it.</summary>
internal sealed class StdioClient : EchoClient
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Process _server;

    /// <param name="command">The server's command, or a proxy's in front of it.</param>
    public StdioClient(params string[] command)
    {
        _server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Initialize();
    }

    /// <summary>Ends the server and waits for it.</summary>
    public override void Dispose()
    {
        _server.StandardInput.Close();
        _server.WaitForExit();
        _server.Dispose();
    }

    protected override ReadOnlySpan<byte> Exchange(byte[] message)
    {
        Notify(message);
        var read = 0;
        do
        {
            var more = _server.StandardOutput.BaseStream.Read(_buffer.AsSpan(read));
            if (more == 0)
                throw new InvalidOperationException("The server ended.");
            read += more;
        }
        while (_buffer[read - 1] != '\n');
        return _buffer.AsSpan(0, read);
    }

    protected override void Notify(byte[] message)
    {
        _server.StandardInput.BaseStream.Write([.. message, (byte)'\n']);
        _server.StandardInput.BaseStream.Flush();
    }
}
