using Microsoft.AspNetCore.Http;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// The body of an answer on its way to the client. A stream of events goes on event by event, each once it is looked at; JSON as a whole; everything else as it
/// comes.
/// </summary>
internal sealed class AnswerBody : Stream
{
    private const int MostBytes = LinePump.MaxHeldLine;

    private readonly HttpResponse _response;
    private readonly Stream _client;
    private readonly ServerInspector _inspector;
    private byte[] _refusals;
    private MemoryStream _held = new();
    private int _searched;
    private Kind _kind;

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

    private enum Kind
    {
        Other,
        Json,
        Events,
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private bool IsHeld => _kind == Kind.Json || (_kind == Kind.Other && _refusals.Length > 0);

    /// <summary>The server begins its answer; its status and headers are known.</summary>
    public async Task BeginAsync(string? mediaType)
    {
        _kind = mediaType?.ToLowerInvariant() switch
        {
            "text/event-stream" => Kind.Events,
            "application/json" => Kind.Json,
            _ => Kind.Other,
        };
        // The server refused the rest of the batch too, perhaps in words that are no JSON.
        if (_response.StatusCode >= StatusCodes.Status400BadRequest)
            _refusals = [];
        if (_kind != Kind.Events)
            return;
        _response.ContentLength = null;
        if (_refusals.Length > 0)
            await _client.WriteAsync(ServerEvent.Of(_refusals));
        // The first event may be long in coming: the client knows by the headers that it is heard.
        await _client.FlushAsync();
    }

    /// <summary>The server has ended its answer well.</summary>
    public async Task EndAsync()
    {
        await EndSkimmedAsync();
        var told = Held();
        if (_kind == Kind.Json && await _inspector.InspectAsync(told) is { } replaced)
            _response.ContentLength = (told = replaced).Length;
        // The last event without its blank line, which some clients take all the same.
        if (_kind == Kind.Events && told.Length > 0 && await ServerEvent.InspectAsync((byte[])[.. told.Span, .. "\n\n"u8], _inspector) is { } last)
            told = last;
        if (IsHeld && _refusals.Length > 0)
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
        if (_kind == Kind.Events)
            await WriteEventsAsync(buffer, cancellationToken);
        else if (IsHeld)
            await HoldAsync(buffer, cancellationToken);
        else
            await PassAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => IsHeld ? Task.CompletedTask : _client.FlushAsync(cancellationToken);

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

    private async ValueTask WriteEventsAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _held.Write(bytes.Span);
        var rest = Held();
        while (ServerEvent.EndOf(rest.Span, ref _searched) is > 0 and var length)
        {
            var one = rest[..length];
            if (_skimmed is null)
                await _client.WriteAsync(await ServerEvent.InspectAsync(one, _inspector) ?? one, cancellationToken);
            else
                await PassAsync(one, cancellationToken);
            await EndSkimmedAsync();
            rest = rest[length..];
        }

        if (rest.Length > MostBytes)
            _skimmed = new SkimmedMessage();
        if (_skimmed is not null)
        {
            await PassAsync(rest, cancellationToken);
            (rest, _searched) = (default, 0);
        }

        if (rest.Length == _held.Length)
            return;
        // Not the same one: what a long event took is not kept for as long as the stream lasts.
        _held = new MemoryStream();
        _held.Write(rest.Span);
    }

    private async ValueTask HoldAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _held.Write(bytes.Span);
        if (_held.Length <= MostBytes)
            return;
        _skimmed = _kind == Kind.Json ? new SkimmedMessage() : null;
        (_kind, _refusals) = (Kind.Other, []);
        await PassAsync(Held(), cancellationToken);
        _held = new MemoryStream();
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _skimmed?.Scan(_kind == Kind.Events && _skimmed.Length == 0 ? ServerEvent.FirstDataOf(bytes.Span) : bytes.Span);
        await _client.WriteAsync(bytes, cancellationToken);
    }

    private async ValueTask EndSkimmedAsync()
    {
        if (_skimmed is not null)
            await _inspector.EndLongLineAsync(_skimmed);
        _skimmed = null;
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
