namespace ToolTrail.Recording;

/// <summary>What the caller of a tool waits for.</summary>
public enum DeliveryMode
{
    /// <summary>Room in the queue: the record is written within 50 ms and synced within 1 s.</summary>
    Background,

    /// <summary>The record on disk, before the caller sees the result.</summary>
    Durable,

    /// <summary>A <c>started</c> line on disk before the tool runs, and the outcome after. Implies <see cref="FailurePolicy.Refuse"/>.</summary>
    WriteAhead,
}
