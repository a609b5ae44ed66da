namespace ToolTrail.Server.Verify;

/// <summary>Whose turn it is to verify: one request's at a time, because it reads everything and takes every core. Safe for use by several threads.</summary>
internal sealed class VerifyTurn
{
    private int _isTaken;

    /// <summary>Takes it, to be given back; false: another request has it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    public void GiveBack() => Volatile.Write(ref _isTaken, 0);
}
