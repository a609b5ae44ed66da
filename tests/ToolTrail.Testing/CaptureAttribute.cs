using Xunit.v3;

namespace ToolTrail.Testing;

/// <summary>The class tests this capture: a column of the matrix in <c>docs/captures.md</c>.</summary>
/// <param name="name">The column's name there.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CaptureAttribute(string name) : Attribute, ITraitAttribute
{
    /// <summary>The column's name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Capture", name)];
}
