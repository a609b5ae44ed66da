using System.Text;

namespace ToolTrail.Extensions.AI;

/// <summary>Text that can be written as JSON: a model, or a tool, may give half a surrogate pair.</summary>
internal static class WellFormed
{
    /// <summary>The text, with U+FFFD in the place of half a surrogate pair.</summary>
    public static string Text(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
