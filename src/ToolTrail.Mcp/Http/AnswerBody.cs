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
    private readonly byte[] _refusals;
    private readonly MemoryStream _held = new();
    private Kind _kind;

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

    /// <summary>The server begins its answer.</summary>
    public void Begin(string? mediaType)
    {
        _kind = mediaType switch
        {
            "text/event-stream" => Kind.Events,
            "application/json" => Kind.Json,
            _ => Kind.Other,
        };
        // What the client is told in the end may be longer or shorter.
        if (_kind != Kind.Other || _refusals.Length > 0)
            _response.ContentLength = null;
    }

    /// <summary>The server has ended its answer well.</summary>
    public async Task EndAsync()
    {
        if (_kind == Kind.Events)
        {
            await _client.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length));
        }
        else if (_kind == Kind.Json || _refusals.Length > 0)
        {
            var body = _held.ToArray();
            var told = _kind == Kind.Json ? await _inspector.InspectAsync(body) ?? body : body;
            if (_refusals.Length > 0)
                (told, _response.ContentType, _response.StatusCode) = (Together(told), "application/json", StatusCodes.Status200OK);
            if (!_response.HasStarted)
                _response.ContentLength = told.Length;
            await _client.WriteAsync(told);
        }

        await _client.FlushAsync();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        switch (_kind)
        {
            case Kind.Other when _refusals.Length == 0:
                await _client.WriteAsync(buffer, cancellationToken);
                return;
            case Kind.Events:
                await WriteEventsAsync(buffer, cancellationToken);
                return;
            default:
                await HoldAsync(buffer, cancellationToken);
                return;
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _client.FlushAsync(cancellationToken);

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

    private async ValueTask WriteEventsAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_refusals.Length > 0 && !_response.HasStarted)
            await _client.WriteAsync(ServerEvent.Of(_refusals), cancellationToken);
        _held.Write(bytes.Span);
        var held = _held.GetBuffer().AsMemory(0, (int)_held.Length);
        var taken = 0;
        while (ServerEvent.EndOf(held.Span[taken..]) is > 0 and var length)
        {
            var one = held.Slice(taken, length);
            await _client.WriteAsync(await ServerEvent.InspectAsync(one, _inspector) ?? one, cancellationToken);
            taken += length;
        }

        // An event that is too long to be held goes on unseen, and its call ends with its stream.
        if (taken == 0 && _held.Length > MostBytes)
        {
            await _client.WriteAsync(held, cancellationToken);
            taken = held.Length;
        }

        if (taken == 0)
            return;
        var rest = held[taken..].ToArray();
        _held.SetLength(0);
        _held.Write(rest);
    }

    private async ValueTask HoldAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _held.Write(bytes.Span);
        if (_held.Length <= MostBytes)
            return;
        _kind = Kind.Other;
        await _client.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellationToken);
        _held.SetLength(0);
    }

    // The answers to one batch, part of it the proxy's own.
    private byte[] Together(byte[] told)
    {
        var theirs = told.AsMemory().Trim(" \t\r\n"u8);
        if (theirs.IsEmpty)
            return _refusals;
        List<ReadOnlyMemory<byte>> all = [.. Protocol.JsonRpcMessage.SplitBatch(theirs) ?? [theirs]];
        all.AddRange(Protocol.JsonRpcMessage.SplitBatch(_refusals.AsMemory().Trim(" \t\r\n"u8)) ?? [_refusals]);
        return Batch.Join(all);
    }
}
