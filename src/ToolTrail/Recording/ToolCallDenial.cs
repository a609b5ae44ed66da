namespace ToolTrail.Recording;

/// <summary>A policy's refusal of a call.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Reason">Why, for the one who is refused; may be absent.</param>
public sealed record ToolCallDenial(string Rule, string? Reason)
{
    /// <summary>One sentence that says who refused and why.</summary>
    public string Message => Reason is null
        ? $"The call was denied by the policy rule '{Rule}'."
        : $"The call was denied by the policy rule '{Rule}': {Reason}";
}
