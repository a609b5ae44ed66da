namespace ToolTrail.Server.Access;

/// <summary>How roles are written: in keys, tokens, options and answers.</summary>
public static class RoleNames
{
    /// <summary>All of them, for messages.</summary>
    public const string All = "admin, auditor, user, producer";

    /// <summary>The role's name, lower case.</summary>
    public static string Name(this Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Auditor => "auditor",
        Role.User => "user",
        Role.Producer => "producer",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>Reads a role's name; case matters.</summary>
    public static bool TryParse(string? name, out Role role)
    {
        role = name switch { "admin" => Role.Admin, "auditor" => Role.Auditor, "user" => Role.User, "producer" => Role.Producer, _ => (Role)(-1) };
        return role >= 0;
    }
}
