namespace ToolTrail.Torture;

/// <summary>Something that happens to a trail's processes, files or disk: a row of the table.</summary>
internal interface IFault
{
    /// <summary>The row's name on the command line.</summary>
    string Key { get; }

    /// <summary>What is done, as the table says it.</summary>
    string Title { get; }

    /// <summary>Rounds of a full run.</summary>
    int Rounds { get; }

    /// <summary>About how long a full run takes.</summary>
    TimeSpan FullRun { get; }

    /// <summary>Does it, and notes in the run what was acknowledged, what is there, and every promise that was broken.</summary>
    Task RunAsync(FaultRun run);
}
