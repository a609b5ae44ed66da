namespace ToolTrail.Records;

/// <summary>
/// How a tool call ended, as the record format writes it. An open set: a status that this build does not know is kept as it came.
/// </summary>
/// <remarks>The default value is <see cref="Started"/>: a call without an outcome has begun and not ended.</remarks>
public readonly record struct ToolCallStatus
{
    private readonly string? _value;

    /// <summary>Takes a status by its name in the record format.</summary>
    /// <param name="value">The name, not empty.</param>
    public ToolCallStatus(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>The tool ran and answered.</summary>
    public static ToolCallStatus Ok { get; } = new("ok");

    /// <summary>The tool ran, or should have run, and failed.</summary>
    public static ToolCallStatus Error { get; } = new("error");

    /// <summary>A policy or a person refused the call: the tool did not run.</summary>
    public static ToolCallStatus Denied { get; } = new("denied");

    /// <summary>The caller gave up before the tool answered.</summary>
    public static ToolCallStatus Cancelled { get; } = new("cancelled");

    /// <summary>The tool did not answer in the time it was given.</summary>
    public static ToolCallStatus Timeout { get; } = new("timeout");

    /// <summary>The call has begun; its outcome, if there is one, is another line with the same id.</summary>
    public static ToolCallStatus Started { get; } = new("started");

    /// <summary>Written by the recorder alone: records were lost.</summary>
    public static ToolCallStatus Lost { get; } = new("lost");

    /// <summary>Written by the recorder alone: a file was repaired.</summary>
    public static ToolCallStatus Recovered { get; } = new("recovered");

    /// <summary>The name in the record format, e.g. <c>ok</c>.</summary>
    public string Value => _value ?? "started";

    /// <inheritdoc/>
    public bool Equals(ToolCallStatus other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
