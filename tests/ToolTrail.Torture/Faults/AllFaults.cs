namespace ToolTrail.Torture.Faults;

/// <summary>The rows of the table.</summary>
internal static class AllFaults
{
    public static IReadOnlyList<IFault> InOrder { get; } = 
    [
        new KilledProcess(),
        new PowerCut("ext4"),
        new PowerCut("xfs"),
        new FailedSync(),
        new FullDisk(),
        new PulledAway(),
        new ReadOnlyRemount(),
        new ManyWriters(),
        new ClockJumps(),
        new SlowDisk(TimeSpan.FromSeconds(2)),
        new LiveCopy(),
        new HostileInput(),
        new HeavyLoad(),
    ];
}
