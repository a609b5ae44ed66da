using System.Text.Json;

namespace ToolTrail.Cli.Tests;

/// <summary>Looks into JSON.</summary>
internal static class Json
{
    /// <summary>A string member of an object; <c>null</c>: it has none.</summary>
    public static string? Text(string? json, string name)
    {
        Assert.NotNull(json);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
