namespace ToolTrail.Home;

/// <summary>How long the records of some users are kept.</summary>
public sealed record RetentionRule
{
    /// <summary>Whose: a glob over user names.</summary>
    public required string User { get; init; }

    /// <summary>Days after a day's end; <c>null</c>: for ever.</summary>
    public int? Days { get; init; }
}
