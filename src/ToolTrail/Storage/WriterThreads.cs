using System.Collections.Concurrent;
using System.Diagnostics;

namespace ToolTrail.Storage;

/// <summary>
/// The threads that write: each takes the next lane that wants it. They block in system calls (locks, writes, syncs), so they are none of the
/// thread pool's; they are started as they are needed.
/// </summary>
internal sealed class WriterThreads : IDisposable
{
    // Several files are synced side by side: the file system joins their commits.
    private const int Most = 8;

    // Whoever was just told that its line is on disk often has the next one before a sleeping thread could be woken.
    private static readonly TimeSpan Attention = TimeSpan.FromMicroseconds(100);

    private readonly object _gate = new();
    private readonly ConcurrentQueue<Lane> _ready = [];
    private readonly List<Thread> _threads = [];
    private readonly Func<Lane, bool> _write;
    private int _idle;
    private bool _isEnding;

    /// <param name="write">Writes a lane; throws nothing; says whether somebody waited for the disk.</param>
    public WriterThreads(Func<Lane, bool> write)
    {
        _write = write;
    }

    /// <summary>Hands a lane to the next free thread.</summary>
    public void Add(Lane lane)
    {
        lock (_gate)
        {
            _ready.Enqueue(lane);
            if (_idle > 0)
            {
                _idle--;
                Monitor.Pulse(_gate);
            }
            else if (_threads.Count < Most)
            {
                var thread = new Thread(Run) { IsBackground = true, Name = "ToolTrail writer" };
                _threads.Add(thread);
                thread.Start();
            }
        }
    }

    /// <summary>Ends the threads, once all lanes that were handed to them are written.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
            threads = [.. _threads];
        }

        foreach (var thread in threads)
            thread.Join();
    }

    private void Run()
    {
        while (Next() is { } lane)
        {
            if (_write(lane))
                Attend();
        }
    }

    private void Attend()
    {
        var started = Stopwatch.GetTimestamp();
        while (_ready.IsEmpty && Stopwatch.GetElapsedTime(started) < Attention)
            Thread.Yield();
    }

    // Null: there will be none.
    private Lane? Next()
    {
        lock (_gate)
        {
            Lane? lane;
            while (!_ready.TryDequeue(out lane))
            {
                if (_isEnding)
                    return null;
                // Counted back by who wakes it.
                _idle++;
                Monitor.Wait(_gate);
            }

            return lane;
        }
    }
}
