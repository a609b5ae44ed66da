using System.Text.Json.Serialization;
using ToolTrail.Reading;

namespace ToolTrail.Server.Recent;

/// <summary>A page of records, newest first.</summary>
/// <param name="Records">As stored.</param>
/// <param name="Next">The <c>cursor</c> of the page after this one; null when there is none.</param>
/// <param name="Skipped">Lines met that are no records.</param>
/// <param name="Also">
/// With <c>calls=true</c>: what other captures told of the calls, by the place of the call in <paramref name="Records"/>, from 0; only of calls that several told of.
/// </param>
internal sealed record RecentAnswer(
    IReadOnlyList<StoredRecord> Records,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next,
    long Skipped,
    IReadOnlyDictionary<int, IReadOnlyList<StoredRecord>>? Also);
