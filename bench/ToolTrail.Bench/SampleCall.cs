using ToolTrail.Records;

namespace ToolTrail.Bench;

/// <summary>One call to record, in the forms that the contenders take. Made before the clock starts, and used again and again.</summary>
internal sealed record SampleCall
{
    public required string User { get; init; }

    public required string Tool { get; init; }

    /// <summary>The arguments as they were captured: JSON in UTF-8.</summary>
    public required byte[] Arguments { get; init; }

    /// <summary>The same as text, for the loggers.</summary>
    public required string ArgumentsText { get; init; }

    public required string Result { get; init; }

    /// <summary>For the loggers, which make no id of their own.</summary>
    public required string Id { get; init; }

    public required string CallId { get; init; }

    public required string Session { get; init; }

    public required double DurationMs { get; init; }

    /// <summary>The call as ToolTrail takes it: the one object that a record costs.</summary>
    public ToolCallRecord ToRecord() => new()
    {
        User = User,
        Tool = Tool,
        Arguments = Arguments,
        Status = ToolCallStatus.Ok,
        Result = Result,
        CallId = CallId,
        Session = Session,
        Agent = SampleCalls.Agent,
        Source = SampleCalls.Source,
        Server = SampleCalls.Server,
        DurationMs = DurationMs,
    };
}
