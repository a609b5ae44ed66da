using System.Collections.Concurrent;

namespace ToolTrail.Storage;

/// <summary>Records that were lost and that no gap record tells of yet, by user. Safe for use by several threads.</summary>
internal sealed class LossLedger
{
    private readonly ConcurrentDictionary<string, Loss> _losses = new(StringComparer.Ordinal);
    private long _total;
    private long _told;

    /// <summary>Records lost since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Records lost that no gap record tells of yet, one that is just being written included.</summary>
    public long Untold => Total - Interlocked.Read(ref _told);

    /// <summary>All losses that wait to be written down.</summary>
    public ICollection<Loss> Pending => _losses.Values;

    /// <summary>The last failure in words.</summary>
    public string? LastCause { get; private set; }

    /// <summary>Counts a loss.</summary>
    public void Add(Loss loss)
    {
        Interlocked.Add(ref _total, loss.Count);
        LastCause = loss.Cause;
        Return(loss);
    }

    /// <summary>Notes a failure by which nothing was lost: its callers were told.</summary>
    public void Note(string cause) => LastCause = cause;

    /// <summary>Takes a user's losses to write them down; whoever cannot gives them back.</summary>
    public Loss? Take(string user) => !_losses.IsEmpty && _losses.TryRemove(user, out var loss) ? loss : null;

    /// <summary>Notes that a gap record tells of a loss.</summary>
    public void Told(Loss loss) => Interlocked.Add(ref _told, loss.Count);

    /// <summary>Gives losses back that could not be written down.</summary>
    public void Return(Loss loss) => _losses.AddOrUpdate(loss.User, loss, (_, other) => other.And(loss));
}

/// <summary>Lost records of one user.</summary>
internal sealed record Loss(string User, long Count, DateTimeOffset Since, DateTimeOffset Until, string Cause)
{
    public Loss And(Loss other) => this with
    {
        Count = Count + other.Count,
        Since = Since < other.Since ? Since : other.Since,
        Until = Until > other.Until ? Until : other.Until,
        Cause = other.Cause,
    };
}
