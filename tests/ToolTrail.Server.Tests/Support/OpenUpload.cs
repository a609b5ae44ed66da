using System.Net.Sockets;
using System.Text;

namespace ToolTrail.Server.Tests.Support;

/// <summary>A <c>POST /api/audit/records</c> whose body does not end.</summary>
public sealed class OpenUpload : IDisposable
{
    private readonly TcpClient _connection;
    private readonly NetworkStream _stream;

    /// <summary>Sends the head of the request.</summary>
    public OpenUpload(Uri server, string key)
    {
        _connection = new TcpClient(server.Host, server.Port);
        _stream = _connection.GetStream();
        _stream.Write(Encoding.ASCII.GetBytes(
            $"POST /api/audit/records HTTP/1.1\r\nHost: {server.Authority}\r\nX-Api-Key: {key}\r\n"
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"));
    }

    /// <summary>Sends more of the body.</summary>
    public async Task SendAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), TestContext.Current.CancellationToken);
        await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await _stream.WriteAsync("\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the server ends the connection.</summary>
    /// <returns>What it sent.</returns>
    public async Task<string> EndAsync()
    {
        using var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    public void Dispose() => _connection.Dispose();
}
