using System.Text.Json;

namespace ToolTrail.Cli.Tests;

/// <summary>Looks into JSON.</summary>
internal static class Json
{
    /// <summary>A string member of an object.</summary>
    public static string? Text(string? json, string name)
    {
        Assert.NotNull(json);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString();
    }
}
