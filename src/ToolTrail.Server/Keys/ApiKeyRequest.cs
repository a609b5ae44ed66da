using ToolTrail.Records;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.Keys;

/// <summary>What a new key is to be.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>The users it stands for: at least one for <see cref="Role.User"/> and <see cref="Role.Producer"/>, none for the others. <c>*</c>, alone, is all; for producers only.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>What its owner calls it, at most 100 characters; <c>null</c>: nothing.</summary>
    public string? Name { get; init; }

    /// <summary>When it ends, in the future; <c>null</c>: not by itself.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What is wrong with it, and what would be right; <c>null</c>: nothing.</summary>
    internal string? Problem(DateTimeOffset now)
    {
        var bound = Role is Role.User or Role.Producer;
        if (bound && Users.Count == 0)
            return $"A {Role.Name()} key stands for users: name at least one.";
        if (!bound && Users.Count > 0)
            return $"A key of role {Role.Name()} is for all users: name none.";
        if (Users.Contains("*") && (Role != Role.Producer || Users.Count > 1))
            return "'*' means all users: a producer key may name it, alone. To read all users' records take role auditor.";
        if (Users.Contains(OwnLines.User))
            return $"The user '{OwnLines.User}' is reserved for the trail's own records.";
        if (Name?.Length > 100 || Name?.Any(char.IsControl) == true)
            return "A key's name has at most 100 characters and no control characters.";
        return Expires <= now ? "The key would have expired already." : null;
    }
}
