using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>A client over Streamable HTTP of a server that it starts, or of a proxy in front of it. It keeps its connection.</summary>
internal sealed class HttpEchoClient : EchoClient
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly Uri _endpoint;
    private readonly Process _server;
    private string? _session;

    /// <param name="command">The server's command at a port.</param>
    public HttpEchoClient(Func<string, string[]> command)
    {
        Port = FreePort();
        _endpoint = new Uri($"http://127.0.0.1:{Port}/mcp");
        // What it says of itself would fill a pipe that nobody reads.
        _server = Process.Start("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. command(Port)]);
        var started = Stopwatch.GetTimestamp();
        while (!IsUp())
        {
            if (_server.HasExited || Stopwatch.GetElapsedTime(started) > StartTime)
                throw new InvalidOperationException($"'{string.Join(' ', command(Port))}' does not answer.");
            Thread.Sleep(50);
        }

        Initialize();
    }

    /// <summary>The server's port.</summary>
    public string Port { get; }

    /// <summary>Ends the server with all that it started.</summary>
    public override void Dispose()
    {
        _server.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
        _client.Dispose();
    }

    protected override ReadOnlySpan<byte> Exchange(byte[] message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(message) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Version);
        if (_session is not null)
            request.Headers.Add("Mcp-Session-Id", _session);
        using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        if (_session is null && response.Headers.TryGetValues("Mcp-Session-Id", out var sessions))
            _session = sessions.First();
        using var body = response.Content.ReadAsStream();
        return _buffer.AsSpan(0, body.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false));
    }

    protected override void Notify(byte[] message) => Exchange(message);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private bool IsUp()
    {
        try
        {
            using var connection = new TcpClient("127.0.0.1", _endpoint.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
