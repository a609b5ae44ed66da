namespace ToolTrail.Fuzz.Targets;

/// <summary>It is always the same moment, so that an input kept for years does what it did; timers go off as they do.</summary>
internal sealed class FixedClock : TimeProvider
{
    /// <summary>The moment.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Told that somebody is going to wait.</summary>
    public Action? Waiting { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waiting?.Invoke();
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
