namespace ToolTrail.Retention;

/// <summary>Which records are to be erased, and why.</summary>
public sealed record ErasureRequest
{
    /// <summary>Characters that <see cref="Reason"/> has at most.</summary>
    public const int MaxReasonChars = 1000;

    /// <summary>Whose.</summary>
    public required string User { get; init; }

    /// <summary>Why, in words, at most <see cref="MaxReasonChars"/> characters: it stands in the seal log for ever.</summary>
    public required string Reason { get; init; }

    /// <summary>The records of one call; <c>null</c> (default): all.</summary>
    public string? Id { get; init; }

    /// <summary>The first day, in the home's zone; <c>null</c> (default): the first there is.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day; <c>null</c> (default): the last there is.</summary>
    public DateOnly? To { get; init; }
}
