using Microsoft.AspNetCore.Http;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// The body of an answer on its way to the client. A stream of events goes on event by event; JSON as a whole, once it is looked at; everything else as it comes.
/// </summary>
internal sealed class AnswerBody : Stream
{
    /// <summary>How much is held of one message.</summary>
    public const int MostBytes = LinePump.MaxHeldLine;

    private readonly HttpResponse _response;
    private readonly Stream _client;
    private readonly ServerInspector _inspector;
    private byte[] _refusals;
    private MemoryStream _held = new();
    private bool _isJson;

    // Of what is too long to be held, as it goes by.
    private SkimmedMessage? _skimmed;

    /// <param name="response">The answer to the client.</param>
    /// <param name="inspector">Looks at messages.</param>
    /// <param name="refusals">The proxy's own answers to messages of the same request, to go along; mostly none.</param>
    public AnswerBody(HttpResponse response, ServerInspector inspector, byte[] refusals)
    {
        _response = response;
        _client = response.Body;
        _inspector = inspector;
        _refusals = refusals;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>See <see cref="EventRelay.WentOn"/>.</summary>
    public Action? EventsWentOn { get; init; }

    /// <summary>The stream of events that it is; <c>null</c>: it is none.</summary>
    public EventRelay? Events { get; private set; }

    private bool IsHeld => _isJson || _refusals.Length > 0;

    /// <summary>The server begins its answer; its status and headers are known.</summary>
    public async Task BeginAsync(string? mediaType)
    {
        _isJson = "application/json".Equals(mediaType, StringComparison.OrdinalIgnoreCase);
        // The server refused the rest of the batch too, perhaps in words that are no JSON.
        if (_response.StatusCode >= StatusCodes.Status400BadRequest)
            _refusals = [];
        if (!"text/event-stream".Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            return;
        Events = new EventRelay(_client, _inspector) { WentOn = EventsWentOn };
        _response.ContentLength = null;
        await Events.BeginAsync(_refusals);
    }

    /// <summary>The server has ended its answer well.</summary>
    public async Task EndAsync()
    {
        if (Events is not null)
        {
            await Events.EndAsync();
            return;
        }

        if (_skimmed is not null)
            await _inspector.EndLongLineAsync(_skimmed);
        var told = Held();
        if (_isJson && await _inspector.InspectAsync(told) is { } replaced)
            _response.ContentLength = (told = replaced).Length;
        if (_refusals.Length > 0)
        {
            told = Together(told);
            (_response.ContentLength, _response.ContentType, _response.StatusCode) = (told.Length, "application/json", StatusCodes.Status200OK);
        }

        // An answer that has no body may not be given one, however short.
        if (told.Length > 0)
            await _client.WriteAsync(told);
        await _client.FlushAsync();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Events is not null)
            await Events.WriteAsync(buffer, cancellationToken);
        else if (IsHeld)
            await HoldAsync(buffer, cancellationToken);
        else
            await PassAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        Events?.FlushAsync(cancellationToken) ?? (IsHeld ? Task.CompletedTask : _client.FlushAsync(cancellationToken));

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException("Answers are written asynchronously.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private ReadOnlyMemory<byte> Held() => _held.GetBuffer().AsMemory(0, (int)_held.Length);

    private async ValueTask HoldAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _held.Write(bytes.Span);
        if (_held.Length <= MostBytes)
            return;
        _skimmed = _isJson ? new SkimmedMessage() : null;
        (_isJson, _refusals) = (false, []);
        await PassAsync(Held(), cancellationToken);
        _held = new MemoryStream();
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _skimmed?.Scan(bytes.Span);
        await _client.WriteAsync(bytes, cancellationToken);
    }

    // The answers to one batch, part of it the proxy's own.
    private byte[] Together(ReadOnlyMemory<byte> told)
    {
        var theirs = told.Trim(" \t\r\n"u8);
        if (theirs.IsEmpty)
            return _refusals;
        List<ReadOnlyMemory<byte>> all = [.. Protocol.JsonRpcMessage.SplitBatch(theirs) ?? [theirs]];
        all.AddRange(Protocol.JsonRpcMessage.SplitBatch(_refusals.AsMemory().Trim(" \t\r\n"u8)) ?? [_refusals]);
        return Batch.Join(all);
    }
}
