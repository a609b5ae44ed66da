namespace ToolTrail.Bench.Contenders;

/// <summary>Something that records calls in files. Closing it ends when the last file is closed.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>Records a call; called by several threads at once. Waits where the contender makes its callers wait.</summary>
    void Record(SampleCall call);
}
