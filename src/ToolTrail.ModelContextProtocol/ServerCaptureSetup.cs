using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using ToolTrail.Recording;

namespace ToolTrail.ModelContextProtocol;

/// <summary>Puts the capture around a server's messages and calls.</summary>
internal sealed class ServerCaptureSetup : IConfigureOptions<McpServerOptions>
{
    private readonly ServerCapture _capture;

    public ServerCaptureSetup(ToolCallRecorder? recorder, CaptureOptions? options) =>
        _capture = new ServerCapture(recorder ?? ToolCallRecorder.Default, options ?? new CaptureOptions());

    /// <inheritdoc/>
    public void Configure(McpServerOptions options)
    {
        // Outside all others: what they throw is seen too.
        options.Filters.Message.IncomingFilters.Insert(0, _capture.Watch);
        options.Filters.Request.CallToolFilters.Insert(0, _capture.Record);
    }
}
