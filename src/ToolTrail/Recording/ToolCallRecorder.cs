using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>
/// Records tool calls in a home's trail. One per process and home; safe for use by any number of threads. Any number of processes may
/// record to the same home.
/// </summary>
public sealed class ToolCallRecorder : IAsyncDisposable
{
    private ToolCallRecorder()
    {
    }

    /// <summary>How recording is going.</summary>
    public RecorderHealth Health => throw new NotImplementedException();

    /// <summary>Opens a recorder.</summary>
    /// <param name="home">The trail.</param>
    /// <param name="configuration">The home's configuration, followed as it changes.</param>
    /// <param name="timeProvider">The clock; default: the system's.</param>
    /// <param name="loggerFactory">Where failures are told; default: nowhere. Arguments and results are never logged.</param>
    public static ToolCallRecorder Open(
        TrailHome home, TrailConfiguration configuration, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null) =>
        throw new NotImplementedException();

    /// <summary>Asks the policy and begins a call.</summary>
    /// <param name="record">The call, with status <see cref="ToolCallStatus.Started"/>. Its memory may change once this method's task has completed.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <returns>The call; look at <see cref="ToolCall.Denial"/> before the tool runs.</returns>
    /// <exception cref="RecordRefusedException">The user is the reserved one.</exception>
    /// <exception cref="TrailWriteException"><see cref="DeliveryMode.WriteAhead"/>: the <c>started</c> line could not be written, so the tool must not run.</exception>
    public ValueTask<ToolCall> BeginAsync(ToolCallRecord record, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Records a call that has ended, or one line of a call from elsewhere.</summary>
    /// <param name="record">The record. It is encoded before this method returns its task: its memory may change then.</param>
    /// <param name="atLeast">The least that the caller waits for, whatever the configuration says of the tool. With <see cref="DeliveryMode.Durable"/> failures are always thrown.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <exception cref="RecordRefusedException">The user or the tool is reserved (see <see cref="OwnLines"/>).</exception>
    /// <exception cref="TrailWriteException">It could not be written, and the caller was promised that it would be.</exception>
    public ValueTask RecordAsync(ToolCallRecord record, DeliveryMode atLeast = DeliveryMode.Background, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Writes one of the recorder's own lines under the reserved user: who read what, who changed what.</summary>
    /// <param name="tool">One of <see cref="OwnLines"/>' names.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="arguments">A JSON object in UTF-8. Redacted and cut like every other.</param>
    /// <param name="atLeast">The least that the caller waits for.</param>
    /// <param name="cancellationToken">Gives up waiting; what was queued is still written.</param>
    /// <exception cref="TrailWriteException">It could not be written, and the caller was promised that it would be.</exception>
    public ValueTask RecordOwnAsync(
        string tool, ToolCallStatus status, ReadOnlyMemory<byte> arguments, DeliveryMode atLeast = DeliveryMode.Background,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Runs a tool and records how it ended: the hook for any host's dispatch.</summary>
    /// <typeparam name="T">What the tool answers.</typeparam>
    /// <param name="record">The call, with status <see cref="ToolCallStatus.Started"/>.</param>
    /// <param name="tool">Runs the tool. <see cref="OperationCanceledException"/> is recorded as cancelled, <see cref="TimeoutException"/> as timeout,
    /// <see cref="UnauthorizedAccessException"/> as denied, every other exception as error; all are rethrown.</param>
    /// <param name="describe">The result's text; <c>null</c>: its <see cref="object.ToString"/>.</param>
    /// <param name="cancellationToken">Handed to the tool.</param>
    /// <exception cref="ToolCallDeniedException">The policy refused: the tool did not run.</exception>
    /// <exception cref="TrailWriteException">The record could not be written, and the tool's failure policy is <see cref="FailurePolicy.Refuse"/>.</exception>
    public Task<T> RunAsync<T>(
        ToolCallRecord record, Func<CancellationToken, Task<T>> tool, Func<T, ToolResult>? describe = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Waits until everything recorded so far is on disk.</summary>
    /// <exception cref="TrailWriteException">Something could not be written.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Writes and syncs what is queued and closes all files in good order.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
