namespace ToolTrail.Records;

/// <summary>How much of a call is recorded, as Kubernetes' audit policy has it: each level keeps all of the one before.</summary>
public enum RecordLevel
{
    /// <summary>The call is not recorded.</summary>
    None,

    /// <summary>Who called which tool, when, how it ended and how long it took; digests of the arguments and of the result, and the kind of an error.</summary>
    Metadata,

    /// <summary>The arguments too.</summary>
    Arguments,

    /// <summary>The beginning of the result and an error's message too.</summary>
    Full,
}
