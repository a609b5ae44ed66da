namespace ToolTrail.Verification;

/// <summary>There is no proof of a line, or what was given is none; the message says why.</summary>
public sealed class ProofException : Exception
{
    internal ProofException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
