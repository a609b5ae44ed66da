namespace ToolTrail.Server.Keys;

/// <summary>A key that was just made.</summary>
/// <param name="Key">What is kept of it.</param>
/// <param name="Text">The key itself: shown once, kept nowhere.</param>
public sealed record CreatedApiKey(ApiKey Key, string Text);
