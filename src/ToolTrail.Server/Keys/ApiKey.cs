using ToolTrail.Server.Access;

namespace ToolTrail.Server.Keys;

/// <summary>A key of the HTTP API, as the home keeps it: everything but the key itself.</summary>
public sealed record ApiKey
{
    /// <summary>Names the key in lists and logs: 12 lower-case hex digits, which the key's text contains.</summary>
    public required string Id { get; init; }

    /// <summary>What its owner calls it; may be absent.</summary>
    public string? Name { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>The users that a <see cref="Role.User"/> reads or a <see cref="Role.Producer"/> writes for, where <c>*</c> is all. Empty for the others.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>SHA-256 of the key's text, 64 lower-case hex digits. The key is 256 random bits: there is nothing that a slow hash would protect.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it ends; <c>null</c>: not by itself.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; <c>null</c>: it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whether it opens anything at a time.</summary>
    public bool IsValidAt(DateTimeOffset time) => Revoked is null && !(time >= Expires);

    /// <summary>Id and name, for logs and the trail.</summary>
    internal string Label => Name is null ? $"key {Id}" : $"key {Id} ({Name})";
}
