namespace ToolTrail.Integrity;

/// <summary>A proof is well formed and does not prove what it should; the message says what does not fit.</summary>
public sealed class ProofRejectedException : Exception
{
    /// <param name="message">What does not fit.</param>
    public ProofRejectedException(string message)
        : base(message)
    {
    }
}
