using System.Collections.Concurrent;

namespace ToolTrail.Storage;

/// <summary>
/// The threads that write: each takes the next lane that wants it. They block in system calls (locks, writes, syncs), so they are none of the
/// thread pool's; they are started as they are needed.
/// </summary>
internal sealed class WriterThreads : IDisposable
{
    // Several files are synced side by side: the file system joins their commits.
    private const int Most = 8;

    private readonly BlockingCollection<Lane> _ready = [];
    private readonly Action<Lane> _write;
    private readonly List<Thread> _threads = [];
    private int _idle;

    /// <param name="write">Writes a lane; throws nothing.</param>
    public WriterThreads(Action<Lane> write)
    {
        _write = write;
    }

    /// <summary>Hands a lane to the next free thread.</summary>
    public void Add(Lane lane)
    {
        _ready.Add(lane);
        if (Volatile.Read(ref _idle) == 0)
            StartOne();
    }

    /// <summary>Ends the threads, once all lanes that were handed to them are written.</summary>
    public void Dispose()
    {
        _ready.CompleteAdding();
        Thread[] threads;
        lock (_threads)
            threads = [.. _threads];
        foreach (var thread in threads)
            thread.Join();
        _ready.Dispose();
    }

    private void StartOne()
    {
        lock (_threads)
        {
            if (_threads.Count == Most)
                return;
            var thread = new Thread(Run) { IsBackground = true, Name = "ToolTrail writer" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void Run()
    {
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var taken = _ready.TryTake(out var lane, Timeout.Infinite);
            Interlocked.Decrement(ref _idle);
            if (!taken)
                return;
            _write(lane!);
        }
    }
}
