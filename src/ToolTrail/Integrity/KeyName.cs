namespace ToolTrail.Integrity;

/// <summary>Names of keys, as C2SP signed-note has them: not empty, no white space, no '+'.</summary>
internal static class KeyName
{
    /// <exception cref="IntegrityFormatException">It is none.</exception>
    public static void Check(string name)
    {
        if (name.Length == 0 || name.Contains('+') || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw new IntegrityFormatException($"'{name}' is no name of a key: it is not empty and has no white space and no '+'.");
    }
}
