using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>What is done with a record.</summary>
/// <param name="Delivery">How it is delivered.</param>
/// <param name="Level">How much of it is kept.</param>
internal readonly record struct Handling(Delivery Delivery, RecordLevel Level);
