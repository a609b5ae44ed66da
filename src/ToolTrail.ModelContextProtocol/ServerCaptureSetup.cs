using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using ToolTrail.Recording;

namespace ToolTrail.ModelContextProtocol;

/// <summary>Puts the capture around a server's messages and calls, and ends it with the server's services.</summary>
internal sealed class ServerCaptureSetup : IConfigureOptions<McpServerOptions>, IDisposable
{
    private readonly ServerCapture _capture;

    public ServerCaptureSetup(ToolCallRecorder? recorder, CaptureOptions? options, TimeProvider? time) =>
        _capture = new ServerCapture(recorder ?? ToolCallRecorder.Default, options ?? new CaptureOptions(), time ?? TimeProvider.System);

    /// <inheritdoc/>
    public void Configure(McpServerOptions options)
    {
        // Outside all others: what they throw is seen too.
        options.Filters.Message.IncomingFilters.Insert(0, _capture.Watch);
        options.Filters.Request.CallToolFilters.Insert(0, _capture.Record);
    }

    /// <inheritdoc/>
    public void Dispose() => _capture.EndAsync().GetAwaiter().GetResult();
}
