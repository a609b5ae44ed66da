using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolTrail.Mcp.TestServer;

/// <summary>Streams that clients can take up again. Unlike the SDK's own store a stream that was taken up lasts until the answer: nobody has to ask twice.</summary>
internal sealed class EventStore : ISseEventStreamStore
{
    private readonly ConcurrentDictionary<string, EventStream> _streams = new();

    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ISseEventStreamWriter>(_streams[$"{options.SessionId}/{options.StreamId}"] = new EventStream(options.SessionId, options.StreamId));

    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default)
    {
        var end = lastEventId.LastIndexOf('/');
        var reader = _streams.TryGetValue(lastEventId[..end], out var stream) ? new Reader(stream, int.Parse(lastEventId[(end + 1)..], null)) : null;
        return ValueTask.FromResult<ISseEventStreamReader?>(reader);
    }

    private sealed class EventStream(string session, string stream) : ISseEventStreamWriter
    {
        private readonly List<SseItem<JsonRpcMessage?>> _events = [];
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isOver;

        public string Session => session;

        public string Stream => stream;

        public ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default)
        {
            lock (_events)
            {
                var stored = sseItem with { EventId = $"{session}/{stream}/{_events.Count + 1}" };
                _events.Add(stored);
                Wake();
                return ValueTask.FromResult(stored);
            }
        }

        public ValueTask DisposeAsync()
        {
            lock (_events)
            {
                _isOver = true;
                Wake();
            }

            return ValueTask.CompletedTask;
        }

        public (SseItem<JsonRpcMessage?>? Event, Task? More) At(int index)
        {
            lock (_events)
                return index < _events.Count ? (_events[index], null) : (null, _isOver ? null : _more.Task);
        }

        private void Wake()
        {
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Reader(EventStream stream, int from) : ISseEventStreamReader
    {
        public string SessionId => stream.Session;

        public string StreamId => stream.Stream;

        public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (var i = from; ; i++)
            {
                var (next, more) = stream.At(i);
                while (next is null && more is not null)
                {
                    await more.WaitAsync(cancellationToken);
                    (next, more) = stream.At(i);
                }

                if (next is null)
                    yield break;
                yield return next.Value;
            }
        }
    }
}
