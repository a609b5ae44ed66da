namespace ToolTrail.Hooks;

/// <summary>A hook was told something that its host does not say.</summary>
public sealed class HookInputException : Exception
{
    /// <summary>Says what is wrong, and what to do.</summary>
    public HookInputException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
