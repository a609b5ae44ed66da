using Microsoft.AspNetCore.Http.HttpResults;
using ToolTrail.Reading;

namespace ToolTrail.Server.Reads;

/// <summary>Whose records a request may read.</summary>
/// <param name="User">The user; <c>null</c>: all.</param>
/// <param name="Filter">What every record must match: who may read its own records only is held to what the record says, not to the folder it is in.</param>
/// <param name="Refusal">The answer, when none may be read.</param>
internal sealed record ReadScope(string? User, RecordFilter Filter, ProblemHttpResult? Refusal)
{
    public static ReadScope Refused(ProblemHttpResult answer) => new(null, RecordFilter.All, answer);
}
