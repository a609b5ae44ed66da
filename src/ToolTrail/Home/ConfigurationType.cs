using System.Text.Json;

namespace ToolTrail.Home;

/// <summary>What a configured value may be, how it is read and how it is shown.</summary>
/// <typeparam name="T">The value in the settings.</typeparam>
/// <param name="Description">In words that complete "must be".</param>
/// <param name="IsText">Whether it is a JSON string, so that a variable's text is the value itself and not its JSON.</param>
/// <param name="Read">Reads a node at a path.</param>
/// <param name="Write">Writes the value as JSON.</param>
internal sealed record ConfigurationType<T>(
    string Description, bool IsText, Func<ConfigurationNode, string, T> Read, Action<Utf8JsonWriter, T> Write);
