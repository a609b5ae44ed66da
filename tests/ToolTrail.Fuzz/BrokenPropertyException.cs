namespace ToolTrail.Fuzz;

/// <summary>An input was taken without an exception, and what came of it is wrong.</summary>
internal sealed class BrokenPropertyException(string message) : Exception(message)
{
    /// <summary>Throws unless a property holds.</summary>
    public static void Unless(bool holds, string otherwise)
    {
        if (!holds)
            throw new BrokenPropertyException(otherwise);
    }
}
