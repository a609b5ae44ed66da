namespace ToolTrail.Cli.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Verdict">How it is.</param>
/// <param name="Subject">What was looked at, in one or two words.</param>
/// <param name="Text">What is so, in plain words.</param>
/// <param name="Advice">What to do; <c>null</c>: nothing.</param>
internal sealed record Finding(Verdict Verdict, string Subject, string Text, string? Advice = null);
