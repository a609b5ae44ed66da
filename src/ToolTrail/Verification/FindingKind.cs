namespace ToolTrail.Verification;

/// <summary>What can be wrong with a trail.</summary>
public enum FindingKind
{
    /// <summary>A line is not the one that was signed.</summary>
    Edited,

    /// <summary>A line stands where none was when it was signed, or behind the end of a closed part.</summary>
    Inserted,

    /// <summary>A line that was signed is not there.</summary>
    Removed,

    /// <summary>Lines that were signed stand in another order.</summary>
    Reordered,

    /// <summary>The last lines that were signed are not there.</summary>
    Truncated,

    /// <summary>Lines were changed, and nothing is left that says which and how.</summary>
    Changed,

    /// <summary>A part that was sealed is gone.</summary>
    FileMissing,

    /// <summary>A part that was sealed has no checkpoint beside it.</summary>
    CheckpointMissing,

    /// <summary>A part's checkpoint is older than one that was sealed.</summary>
    CheckpointRolledBack,

    /// <summary>A part's checkpoint is another part's, or none.</summary>
    CheckpointForeign,

    /// <summary>Something is signed by a key that does not count.</summary>
    WrongKey,

    /// <summary>Nothing of a part stands in the seal log.</summary>
    NeverSealed,

    /// <summary>Lines have stood there for minutes, and nobody signed them.</summary>
    Unsigned,

    /// <summary>A part stood there before anything was sealed of it: nobody knows what happened to it until then.</summary>
    Adopted,

    /// <summary>Erased lines of which the seal log does not tell.</summary>
    ErasedWithoutEvent,

    /// <summary>A line that was erased, by the seal log, stands there.</summary>
    NotErased,

    /// <summary>A part cannot be read: it was damaged, or the disk is failing.</summary>
    Unreadable,

    /// <summary>There is no seal log.</summary>
    LogMissing,

    /// <summary>The seal log is not what its head was signed for.</summary>
    LogDamaged,

    /// <summary>The seal log is not the one of which somebody kept a head.</summary>
    LogRewritten,

    /// <summary>The seal log is older than a head that somebody kept.</summary>
    LogRolledBack,
}
