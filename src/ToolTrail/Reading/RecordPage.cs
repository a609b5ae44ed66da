namespace ToolTrail.Reading;

/// <summary>A page of records, newest first.</summary>
/// <param name="Records">By time stamp, then position, both descending.</param>
/// <param name="Next">Opaque cursor of the page after this one; <c>null</c> when there is none. Stays valid while files grow.</param>
/// <param name="Skipped">Lines met that could not be read as records.</param>
public sealed record RecordPage(IReadOnlyList<StoredRecord> Records, string? Next, long Skipped);
