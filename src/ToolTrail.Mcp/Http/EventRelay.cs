using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// A stream of events on its way to the client: each goes on once it is looked at, one that is too long to be held as it comes. <see cref="TellAsync"/> may be used
/// by other threads meanwhile, the rest by one.
/// </summary>
/// <param name="client">Where to.</param>
/// <param name="inspector">Looks at messages.</param>
internal sealed class EventRelay(Stream client, ServerInspector inspector) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly MemoryStream _untold = new();
    private MemoryStream _held = new();
    private int _searched;

    // Of what is too long to be held, as it goes by.
    private SkimmedMessage? _skimmed;

    /// <summary>Told the endpoint that the server names to its client, and says what the client is to know; <c>null</c>: no event of this stream means that.</summary>
    public Func<string, string>? EndpointNamed { get; set; }

    /// <summary>The endpoint that the client was told: the stream brings the answers to what is posted there. <c>null</c>: none.</summary>
    public string? Endpoint { get; private set; }

    /// <summary>Whether it was disposed, and nothing goes on any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes what the server sent.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => AloneAsync(() => TakeAsync(bytes, cancellationToken));

    /// <summary>Lets the client see what has gone on.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => AloneAsync(() => client.FlushAsync(cancellationToken));

    /// <summary>Tells the client a message of the proxy's own, between those of the server. When the stream is over, nobody hears it.</summary>
    public Task TellAsync(byte[] message) => AloneAsync(async () =>
    {
        if (IsOver)
            return;
        _untold.Write(ServerEvent.Of(message));
        if (_skimmed is not null)
            return;
        await TellWaitingAsync();
        await client.FlushAsync();
    });

    /// <summary>The server has ended the stream well.</summary>
    public Task EndAsync() => AloneAsync(async () =>
    {
        await EndSkimmedAsync();
        // The last event without its blank line, which some clients take all the same.
        var rest = Held();
        if (rest.Length > 0)
            await client.WriteAsync(await ServerEvent.InspectAsync((byte[])[.. rest.Span, .. "\n\n"u8], inspector) ?? rest);
        await client.FlushAsync();
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await AloneAsync(async () =>
    {
        IsOver = true;
        await _held.DisposeAsync();
        await _untold.DisposeAsync();
    });

    private async Task AloneAsync(Func<Task> work)
    {
        await _writing.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _writing.Release();
        }
    }

    private ReadOnlyMemory<byte> Held() => _held.GetBuffer().AsMemory(0, (int)_held.Length);

    private async Task TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _held.Write(bytes.Span);
        var rest = Held();
        while (ServerEvent.EndOf(rest.Span, ref _searched) is > 0 and var length)
        {
            var one = rest[..length];
            if (_skimmed is null)
                await client.WriteAsync(await LookAsync(one) ?? one, cancellationToken);
            else
                await PassAsync(one, cancellationToken);
            await EndSkimmedAsync();
            rest = rest[length..];
        }

        if (rest.Length > AnswerBody.MostBytes)
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

    /// <returns><c>null</c>: the event goes on as it is.</returns>
    private async ValueTask<byte[]?> LookAsync(ReadOnlyMemory<byte> one) =>
        EndpointNamed is not null && ServerEvent.EndpointOf(one.Span) is { } endpoint
            ? ServerEvent.OfEndpoint(Endpoint = EndpointNamed(endpoint))
            : await ServerEvent.InspectAsync(one, inspector);

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _skimmed!.Scan(_skimmed.Length == 0 ? ServerEvent.FirstDataOf(bytes.Span) : bytes.Span);
        await client.WriteAsync(bytes, cancellationToken);
    }

    private async ValueTask EndSkimmedAsync()
    {
        if (_skimmed is null)
            return;
        await inspector.EndLongLineAsync(_skimmed);
        _skimmed = null;
        await TellWaitingAsync();
    }

    private async ValueTask TellWaitingAsync()
    {
        await client.WriteAsync(_untold.ToArray());
        _untold.SetLength(0);
    }
}
