using System.Text.Json.Serialization;

namespace ToolTrail.Server.Access;

/// <summary>What a key or token may do.</summary>
[JsonConverter(typeof(RoleConverter))]
public enum Role
{
    /// <summary>Everything: all users, keys, retention.</summary>
    Admin,

    /// <summary>Read all users' records; change nothing.</summary>
    Auditor,

    /// <summary>Read the records of its own users only: the role an agent gets.</summary>
    User,

    /// <summary>Append records for the users it names; read nothing.</summary>
    Producer,
}
