using System.Buffers;

namespace ToolTrail.Storage;

/// <summary>Lines of one user that wait to be written together. Filled under its lane's lock, then owned by the writer alone.</summary>
internal sealed class LineBatch
{
    // So much memory is had again and again; larger arrays would be made anew each time, and stay until the next full collection.
    private const int MaxBytes = 1024 * 1024;

    // The shared pool keeps arrays by thread: what one thread fills and another gives back is seldom found there again.
    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(MaxBytes, maxArraysPerBucket: 64);

    private readonly List<LineRun> _runs = [];
    private byte[] _bytes = [];

    /// <summary>Lines.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all lines, with LF.</summary>
    public int Length { get; private set; }

    /// <summary>Lines whose callers do not wait.</summary>
    public int BackgroundCount { get; private set; }

    /// <summary>Completed when everything is on disk, or failed; <c>null</c> while nobody waits for the disk.</summary>
    public TaskCompletionSource? Durable { get; private set; }

    /// <summary>Completed when everything is in the file, or failed; <c>null</c> while nobody waits for that.</summary>
    public TaskCompletionSource? Written { get; private set; }

    /// <summary>Whether there is nothing to write and nobody waits.</summary>
    public bool IsEmpty => Count == 0 && Durable is null && Written is null;

    /// <summary>The lines' runs in order.</summary>
    public IReadOnlyList<LineRun> Runs => _runs;

    /// <summary>Whether a line may be added; to an empty batch any may.</summary>
    public bool HasRoom(int bytes) => Length == 0 || Length + bytes <= MaxBytes;

    /// <summary>A part of the lines' bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>Adds a line, LF included.</summary>
    /// <param name="day">Its day file's date.</param>
    /// <param name="line">The bytes, copied.</param>
    /// <param name="mayRepeat">Whether the line's id came from outside, so that it may have been stored before.</param>
    /// <param name="background">Whether its caller does not wait.</param>
    public void Add(DateOnly day, ReadOnlySpan<byte> line, bool mayRepeat, bool background)
    {
        Reserve(line.Length);
        line.CopyTo(_bytes.AsSpan(Length));
        var last = _runs.Count - 1;
        if (!mayRepeat && last >= 0 && _runs[last] is { MayRepeat: false } run && run.Day == day)
            _runs[last] = run with { Length = run.Length + line.Length, Count = run.Count + 1 };
        else
            _runs.Add(new LineRun(day, Length, line.Length, 1, mayRepeat));
        Length += line.Length;
        Count++;
        BackgroundCount += background ? 1 : 0;
    }

    /// <summary>The task of a caller that waits for the disk: one for all of the batch.</summary>
    public Task WhenDurable() => (Durable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The task of a caller that waits until the lines are in the file.</summary>
    public Task WhenWritten() => (Written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Makes the batch empty, to be filled again.</summary>
    public void Clear()
    {
        if (_bytes.Length > 0)
            Pool.Return(_bytes);
        _bytes = [];
        _runs.Clear();
        (Count, Length, BackgroundCount, Durable, Written) = (0, 0, 0, null, null);
    }

    private void Reserve(int more)
    {
        if (Length + more <= _bytes.Length)
            return;
        var larger = Pool.Rent(Math.Max(4096, Math.Max(Length + more, _bytes.Length * 2)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
            Pool.Return(_bytes);
        _bytes = larger;
    }
}

/// <summary>Neighbouring lines of one day.</summary>
internal readonly record struct LineRun(DateOnly Day, int Start, int Length, int Count, bool MayRepeat);
