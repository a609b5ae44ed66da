namespace ToolTrail.Witnessing;

/// <summary>A witness did not cosign; the message says which, why, and what to do.</summary>
internal sealed class WitnessException : Exception
{
    public WitnessException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the witness holds another history of the log than we do: then it is no failure but a finding.</summary>
    public bool IsAlarm { get; init; }

    /// <summary>How many entries the witness has cosigned, if they are more than we have.</summary>
    public long? LargerSize { get; init; }
}
