namespace ToolTrail.Recording;

/// <summary>How records from outside are taken.</summary>
public sealed record IngestOptions
{
    /// <summary>Whether the writer may write for this user; <c>null</c>: for all.</summary>
    public Func<string, bool>? MayWriteFor { get; init; }

    /// <summary>Told each line's number (from 1), in input order, once that record is on disk and not before.</summary>
    public Action<long>? Stored { get; init; }

    /// <summary>Told the number of each line, in input order, that is not stored because its tool's level is <see cref="Records.RecordLevel.None"/>.</summary>
    public Action<long>? LeftOut { get; init; }

    /// <summary>Told each refusal, in input order.</summary>
    public Action<IngestRefusal>? Refused { get; init; }

    /// <summary>Fields that are set on records that lack them, e.g. <c>source</c>; <c>null</c>: none.</summary>
    public string? DefaultSource { get; init; }
}
