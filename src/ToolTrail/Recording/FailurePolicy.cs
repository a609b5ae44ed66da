namespace ToolTrail.Recording;

/// <summary>What happens to a call whose record cannot be written.</summary>
public enum FailurePolicy
{
    /// <summary>The call goes on, the loss is counted, and a gap record says so once writing works again.</summary>
    Continue,

    /// <summary>The call fails with a clear error: nothing runs unrecorded.</summary>
    Refuse,
}
