using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>Which records a reader yields. Null matches all.</summary>
public sealed record RecordFilter
{
    /// <summary>Everything.</summary>
    public static RecordFilter All { get; } = new();

    /// <summary>The record's <c>user</c>, exactly: read from the record, never from the folder.</summary>
    public string? User { get; init; }

    /// <summary>Glob over <c>tool</c> (<c>*</c> any run, <c>?</c> one character).</summary>
    public string? Tool { get; init; }

    /// <summary>The status, exactly.</summary>
    public ToolCallStatus? Status { get; init; }

    /// <summary>Glob over <c>agent</c>.</summary>
    public string? Agent { get; init; }

    /// <summary>The <c>source</c>, exactly.</summary>
    public string? Source { get; init; }

    /// <summary>The <c>session</c>, exactly.</summary>
    public string? Session { get; init; }

    /// <summary>The host's own <c>call_id</c>, exactly.</summary>
    public string? CallId { get; init; }

    /// <summary>
    /// One row a call, as people want it: a <c>started</c> line is left out once its outcome stands in the trail, and of a call that several captures
    /// told of the first line comes, with the <see cref="StoredRecord.Others"/>. Default: no, the lines as stored.
    /// </summary>
    public bool OneRowPerCall { get; init; }
}
