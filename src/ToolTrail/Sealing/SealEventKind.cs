namespace ToolTrail.Sealing;

/// <summary>What a seal log can tell beside checkpoints.</summary>
public enum SealEventKind
{
    /// <summary>A part's day is over: nothing is appended to it any more.</summary>
    Closed,

    /// <summary>A part was removed by retention.</summary>
    Removed,

    /// <summary>Lines of a part were erased: their leaf hashes stay.</summary>
    Erased,

    /// <summary>Another key signs from here on.</summary>
    Rotated,

    /// <summary>A part was there before anything was sealed of it: nobody knows what happened to it until then.</summary>
    Adopted,
}
