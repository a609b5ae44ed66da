using System.Text.Json;

namespace ToolTrail.Home;

/// <summary>An object in a list of the configuration: its members by name.</summary>
internal sealed class ConfigurationObject
{
    private readonly ConfigurationNode _node;
    private readonly string _path;

    /// <param name="node">The object.</param>
    /// <param name="path">Its path.</param>
    /// <param name="names">The members that it may have.</param>
    /// <exception cref="TrailConfigurationException">It is no object, or has another member.</exception>
    public ConfigurationObject(ConfigurationNode node, string path, IReadOnlyList<string> names)
    {
        if (node.Kind != JsonTokenType.StartObject)
            throw node.Wrong(path, $"an object with {string.Join(", ", names)}");
        _node = node;
        _path = path;
        foreach (var (name, member) in node.Members)
        {
            if (!names.Contains(name))
            {
                throw new TrailConfigurationException(
                    $"{member.Where}: {path} has no member \"{name}\"; did you mean \"{NearestName.Of(name, names)}\"?");
            }
        }
    }

    /// <summary>A member; the type's default value when it is absent or null.</summary>
    public T? Get<T>(string name, ConfigurationType<T> type) => Find(name) is { } member ? type.Read(member, $"{_path}.{name}") : default;

    /// <summary>A member that must be there.</summary>
    public T Require<T>(string name, ConfigurationType<T> type) => Find(name) is { } member
        ? type.Read(member, $"{_path}.{name}")
        : throw new TrailConfigurationException($"{_node.Where}: {_path} lacks \"{name}\", which must be {type.Description}.");

    private ConfigurationNode? Find(string name) =>
        _node.Members.FirstOrDefault(member => member.Key == name && member.Value.Kind != JsonTokenType.Null).Value;
}
