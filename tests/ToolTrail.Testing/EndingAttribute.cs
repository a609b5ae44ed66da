using Xunit.v3;

namespace ToolTrail.Testing;

/// <summary>The test shows that a capture records this way in which a call can end: a row of the matrix in <c>docs/captures.md</c>.</summary>
/// <param name="name">The row's name there.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EndingAttribute(string name) : Attribute, ITraitAttribute
{
    /// <summary>The row's name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Ending", name)];
}
