namespace ToolTrail.Server.Otlp;

/// <summary>A request cannot be taken.</summary>
/// <param name="status">The HTTP status that says so.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class OtlpException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that says so.</summary>
    public int Status => status;
}
