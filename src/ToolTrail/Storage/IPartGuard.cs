namespace ToolTrail.Storage;

/// <summary>
/// Watches over the parts that a store writes: told what is on disk, asked where appending may go on. The store knows nothing of why. Safe for use by
/// any number of threads.
/// </summary>
internal interface IPartGuard : IAsyncDisposable
{
    /// <summary>Why nothing may be appended to a part; <c>null</c>: it may. Asked under the folder's lock, before the part is opened.</summary>
    /// <param name="part">The part.</param>
    /// <param name="length">Bytes of its file; <c>null</c>: it is not there.</param>
    PartObjection? ObjectionTo(PartName part, long? length);

    /// <summary>What was found meanwhile in a part that is open, so that nothing more may be appended; <c>null</c>: nothing. Costs next to nothing.</summary>
    PartObjection? FoundIn(PartName part);

    /// <summary>Up to where a part is signed, in bytes; 0: nothing of it is. No byte before is ever cut away.</summary>
    long SignedUpTo(PartName part);

    /// <summary>Told that a part is not what was signed: from here on nothing may be appended to it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="reason">In words, as the end of a sentence about the part.</param>
    PartObjection Alarm(PartName part, string reason);

    /// <summary>Told that a part is on disk up to the end of a line, and is from then on never changed up to there.</summary>
    void Synced(PartName part, long length);

    /// <summary>Waits until it is done with all that it was told so far.</summary>
    /// <exception cref="IOException">It could not be.</exception>
    Task CatchUpAsync();

    /// <summary>Whether it was done with all that it was told when it was disposed.</summary>
    bool IsDone { get; }
}

/// <summary>Why nothing may be appended to a part: the next one begins.</summary>
/// <param name="Reason">In words, as the end of a sentence about the part.</param>
/// <param name="IsAlarm">Whether the trail has to tell of it; else it is how things go.</param>
internal sealed record PartObjection(string Reason, bool IsAlarm);
