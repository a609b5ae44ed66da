namespace ToolTrail.Recording;

/// <summary>How records from outside are taken.</summary>
public sealed record IngestOptions
{
    /// <summary>Whether the writer may write for this user; <c>null</c>: for all.</summary>
    public Func<string, bool>? MayWriteFor { get; init; }

    /// <summary>Told each line's number (from 1), in input order, once that record is on disk and not before.</summary>
    public Action<long>? Stored { get; init; }

    /// <summary>Told each refusal, in input order.</summary>
    public Action<IngestRefusal>? Refused { get; init; }

    /// <summary>Fields that are set on records that lack them, e.g. <c>source</c>; <c>null</c>: none.</summary>
    public string? DefaultSource { get; init; }
}

/// <summary>A record that was not stored.</summary>
/// <param name="Line">Number of its line, or of its element in an array, from 1.</param>
/// <param name="Error">What is wrong with it and what to do.</param>
/// <param name="Failed">Whether the record was fine and writing failed.</param>
public sealed record IngestRefusal(long Line, string Error, bool Failed);

/// <summary>What became of an input.</summary>
/// <param name="Stored">Records on disk, those counted that were there before under the same id.</param>
/// <param name="Refused">Records that are not.</param>
/// <param name="Failed">How many of the refused were fine and could not be written.</param>
public sealed record IngestSummary(long Stored, long Refused, long Failed);
