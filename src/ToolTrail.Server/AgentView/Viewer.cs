using ToolTrail.Reading;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.AgentView;

/// <summary>Who looks at the trail through the tools for agents.</summary>
/// <param name="User">Whose records it sees, and for whom its own calls are recorded.</param>
/// <param name="SeesAll">Whether it sees all users', on request.</param>
/// <param name="Label">For the trail: who that is.</param>
public sealed record Viewer(string User, bool SeesAll, string Label)
{
    /// <summary>Whose records it gets, whatever it asks for; <c>null</c>: all users'.</summary>
    internal string? UserOf(string? asked) => SeesAll ? asked : User;

    /// <summary>What every record that it gets must match: the record's own word, not the folder that it is in.</summary>
    internal RecordFilter Filter => SeesAll ? RecordFilter.All : new RecordFilter { User = User };

    /// <summary>The caller of a request as a viewer; <c>null</c>: it stands for several users, or for none that may read.</summary>
    internal static Viewer? Of(Caller caller) => caller.Role switch
    {
        Role.Admin or Role.Auditor => new Viewer(caller.Label, SeesAll: true, caller.Label),
        Role.User when caller.Users is [var user] => new Viewer(user, SeesAll: false, caller.Label),
        _ => null,
    };
}
