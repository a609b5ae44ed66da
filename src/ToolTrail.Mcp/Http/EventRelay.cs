using System.Collections.Concurrent;
using System.Text;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// A stream of events on its way to the client: each goes on once it is looked at, one that is too long to be held as it comes. <see cref="Tell"/> may be used by
/// other threads meanwhile, the rest by one.
/// </summary>
/// <param name="client">Where to.</param>
/// <param name="inspector">Looks at messages.</param>
internal sealed class EventRelay(Stream client, ServerInspector inspector) : IAsyncDisposable
{
    // What is kept of a long event that goes by: how its last line ended, CR LF included.
    private const int LineEnd = 2;

    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentQueue<byte[]> _untold = new();
    private MemoryStream _held = new();
    private bool _hasBegun;
    private bool _hasMark = true;
    private long _untoldBytes;
    private int _searched;

    // Of what is too long to be held, as it goes by.
    private SkimmedMessage? _skimmed;

    /// <summary>Told the endpoint that the server names to its client, and says what the client is to know; <c>null</c>: no event of this stream means that.</summary>
    public Func<string, string>? EndpointNamed { get; set; }

    /// <summary>Called when something from the server has gone on to the client; <c>null</c>: nobody asks.</summary>
    public Action? WentOn { get; init; }

    /// <summary>Whether it was disposed, and nothing goes on any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The headers are there, and the client is to know it: the first event may be long in coming.</summary>
    /// <param name="message">A message of the proxy's own to begin with; empty: none.</param>
    public Task BeginAsync(byte[] message) => AloneAsync(async () =>
    {
        // A byte order mark would be none behind it.
        _hasMark = message.Length == 0;
        if (message.Length > 0)
            await client.WriteAsync(ServerEvent.OfMessage(message));
        await client.FlushAsync();
    });

    /// <summary>Takes what the server sent.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => AloneAsync(() => TakeAsync(bytes, cancellationToken));

    /// <summary>Lets the client see what has gone on.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => AloneAsync(() => client.FlushAsync(cancellationToken));

    /// <summary>
    /// Tells the client a message of the proxy's own, between those of the server; when the stream is over, nobody hears it. Does not wait, since the client may be
    /// one that reads nothing until its request is answered.
    /// </summary>
    /// <returns>Whether it will; otherwise too much waits for the client already.</returns>
    public bool Tell(byte[] message)
    {
        if (Interlocked.Add(ref _untoldBytes, message.Length) > AnswerBody.MostBytes)
        {
            Interlocked.Add(ref _untoldBytes, -message.Length);
            return false;
        }

        _untold.Enqueue(message);
        _ = TellUnheardAsync();
        return true;

        async Task TellUnheardAsync()
        {
            try
            {
                await TellUntoldAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client has gone, and its stream ends for it.
            }
        }
    }

    /// <summary>The server has ended the stream well.</summary>
    public Task EndAsync() => AloneAsync(async () =>
    {
        var rest = Held();
        if (_skimmed is not null)
        {
            // The end of the event, so that it is not what the proxy tells.
            await EndSkimmedAsync((byte[])[.. rest.Span, .. _untold.IsEmpty ? ""u8 : "\n\n"u8], default);
        }
        else if (rest.Length > 0)
        {
            // The last event without its blank line, which some clients take all the same.
            await client.WriteAsync(await LookAsync((byte[])[.. rest.Span, .. "\n\n"u8]) ?? rest);
        }

        await client.FlushAsync();
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await AloneAsync(async () =>
    {
        IsOver = true;
        await _held.DisposeAsync();
    });

    // Whoever finds the stream in use leaves what is to be told to its user, who looks for that afterwards.
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

        await TellUntoldAsync();
        WentOn?.Invoke();
    }

    private async Task TellUntoldAsync()
    {
        var goesOn = true;
        while (goesOn && !_untold.IsEmpty && await _writing.WaitAsync(0))
        {
            try
            {
                goesOn = !IsOver && _skimmed is null;
                if (goesOn)
                    await WriteUntoldAsync();
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    private async ValueTask WriteUntoldAsync()
    {
        while (_untold.TryDequeue(out var told))
        {
            await client.WriteAsync(ServerEvent.OfMessage(told));
            Interlocked.Add(ref _untoldBytes, -told.Length);
        }

        await client.FlushAsync();
    }

    private ReadOnlyMemory<byte> Held() => _held.GetBuffer().AsMemory(0, (int)_held.Length);

    private async Task TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _held.Write(bytes.Span);
        var rest = Held();
        // The stream may begin with a byte order mark, which is no part of its first event.
        if (!_hasBegun && rest.Length < Encoding.UTF8.Preamble.Length && Encoding.UTF8.Preamble.StartsWith(rest.Span))
            return;
        if (!_hasBegun && rest.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            if (_hasMark)
                await client.WriteAsync(rest[..Encoding.UTF8.Preamble.Length], cancellationToken);
            rest = rest[Encoding.UTF8.Preamble.Length..];
        }

        _hasBegun = true;
        while (ServerEvent.EndOf(rest.Span, ref _searched) is > 0 and var length)
        {
            var one = rest[..length];
            if (_skimmed is null)
                await client.WriteAsync(await LookAsync(one) ?? one, cancellationToken);
            else
                await EndSkimmedAsync(one, cancellationToken);
            rest = rest[length..];
        }

        if (rest.Length > AnswerBody.MostBytes)
            _skimmed = new SkimmedMessage();
        if (_skimmed is not null && rest.Length > LineEnd)
        {
            await PassAsync(rest[..^LineEnd], cancellationToken);
            _searched -= rest.Length - LineEnd;
            rest = rest[^LineEnd..];
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
            ? ServerEvent.Replace(one.Span, Encoding.UTF8.GetBytes(EndpointNamed(endpoint)))
            : await ServerEvent.InspectAsync(one, inspector);

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _skimmed!.Scan(_skimmed.Length == 0 ? ServerEvent.FirstDataOf(bytes.Span) : bytes.Span);
        await client.WriteAsync(bytes, cancellationToken);
    }

    private async ValueTask EndSkimmedAsync(ReadOnlyMemory<byte> end, CancellationToken cancellationToken)
    {
        await PassAsync(end, cancellationToken);
        await inspector.EndLongLineAsync(_skimmed!);
        _skimmed = null;
        await WriteUntoldAsync();
    }
}
