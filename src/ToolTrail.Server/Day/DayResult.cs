using System.Buffers;
using Microsoft.AspNetCore.Http;
using ToolTrail.Reading;

namespace ToolTrail.Server.Day;

/// <summary>Streams records as one JSON array or as NDJSON, each as it is stored.</summary>
internal sealed class DayResult : IResult
{
    public const string Json = "application/json";
    public const string Ndjson = "application/x-ndjson";

    // Sent once that much waits, so that memory stays bounded and the client sets the pace.
    private const int FlushBytes = 64 * 1024;

    private readonly IAsyncEnumerable<StoredRecord> _records;
    private readonly string _mediaType;

    /// <param name="records">What to send.</param>
    /// <param name="mediaType"><see cref="Json"/> or <see cref="Ndjson"/>.</param>
    public DayResult(IAsyncEnumerable<StoredRecord> records, string mediaType)
    {
        _records = records;
        _mediaType = mediaType;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.ContentType = _mediaType;
        var output = httpContext.Response.BodyWriter;
        var array = _mediaType == Json;
        var waiting = 0;
        var first = true;
        if (array)
            output.Write("["u8);
        await foreach (var record in _records.WithCancellation(httpContext.RequestAborted))
        {
            if (array && !first)
                output.Write(",\n"u8);
            first = false;
            output.Write(record.Line.Span);
            if (!array)
                output.Write("\n"u8);
            waiting += record.Line.Length;
            if (waiting < FlushBytes)
                continue;
            await output.FlushAsync(httpContext.RequestAborted);
            waiting = 0;
        }

        if (array)
            output.Write("]"u8);
        await output.FlushAsync(httpContext.RequestAborted);
    }
}
