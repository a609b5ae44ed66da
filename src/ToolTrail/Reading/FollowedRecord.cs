namespace ToolTrail.Reading;

/// <summary>A record that following met.</summary>
/// <param name="Record">The record.</param>
/// <param name="Next">Where following goes on once this record is done with: the records yielded so far lie before it, all others
/// behind.</param>
public readonly record struct FollowedRecord(StoredRecord Record, FollowPosition Next);
