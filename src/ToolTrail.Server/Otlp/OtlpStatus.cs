namespace ToolTrail.Server.Otlp;

/// <summary>A <c>google.rpc.Status</c>, for the API's description.</summary>
/// <param name="Code">One of <c>google.rpc.Code</c>.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record OtlpStatus(int Code, string Message);
