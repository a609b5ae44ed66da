namespace ToolTrail.Testing;

/// <summary>The system's clock, set forward or back.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    /// <summary>By how much it is set forward.</summary>
    public TimeSpan Shift
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
