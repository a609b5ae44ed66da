using System.Text;
using System.Text.Json;

namespace ToolTrail.Home;

/// <summary>Where values come from, the later over the earlier: the defaults, the file, the environment, the command line's options.</summary>
internal sealed class ConfigurationLayers
{
    private readonly string _path;
    private readonly TrailHome _home;
    private readonly Dictionary<ConfigurationKey, (ConfigurationNode Node, string Source)> _fixed = [];

    /// <summary>Takes what does not change while the process runs: variables and options.</summary>
    /// <param name="home">The home, made or not.</param>
    /// <param name="options">Values from the command line, by the key's path.</param>
    /// <exception cref="TrailConfigurationException">A variable or option is no key's.</exception>
    public ConfigurationLayers(TrailHome home, IReadOnlyDictionary<string, string> options)
    {
        _home = home;
        _path = TrailConfiguration.FileOf(home);
        foreach (var (key, (name, text)) in ConfigurationVariables.Read())
            _fixed[key] = (FromText(key, text, $"The variable {name}"), name);
        foreach (var (keyPath, text) in options)
        {
            var key = Find(keyPath) ?? throw new TrailConfigurationException($"There is no key \"{keyPath}\"; did you mean \"{Nearest(keyPath)}\"?");
            _fixed[key] = (FromText(key, text, "The option"), "option");
        }
    }

    /// <summary>Binds all layers.</summary>
    /// <param name="file">The file's bytes; <c>null</c>: there is none.</param>
    /// <returns>The settings, and the source of each key that is set.</returns>
    /// <exception cref="TrailConfigurationException">A value is wrong; the message says where, why, and what would be right.</exception>
    public (TrailSettings Settings, IReadOnlyDictionary<ConfigurationKey, string> Sources) Bind(byte[]? file)
    {
        var found = new Dictionary<ConfigurationKey, (ConfigurationNode Node, string Source)>();
        if (file is not null)
        {
            var root = ConfigurationNode.Parse(file, line => $"'{_path}' line {line}");
            if (root.Kind != JsonTokenType.StartObject)
                throw root.Wrong("the configuration", "an object, e.g. {\"delivery\": {\"mode\": \"durable\"}}");
            Collect(root, "", found);
        }

        foreach (var (key, value) in _fixed)
            found[key] = value;
        var settings = new TrailSettings();
        foreach (var (key, (node, _)) in found)
            settings = key.Bind(settings, node);
        Require(settings, found);
        return (settings, found.ToDictionary(pair => pair.Key, pair => pair.Value.Source));
    }

    private void Collect(ConfigurationNode section, string prefix, Dictionary<ConfigurationKey, (ConfigurationNode Node, string Source)> found)
    {
        foreach (var (name, node) in section.Members)
        {
            var path = prefix + name;
            var key = Find(path);
            if (key is null && !ConfigurationKeys.All.Any(known => known.Path.StartsWith(path + ".", StringComparison.Ordinal)))
                throw new TrailConfigurationException($"{node.Where}: there is no key \"{path}\"; did you mean \"{Nearest(path)}\"?");
            if (node.Kind == JsonTokenType.Null)
                continue;
            if (key is not null)
                found[key] = (node, _path);
            else if (node.Kind == JsonTokenType.StartObject)
                Collect(node, path + ".", found);
            else
                throw node.Wrong(path, "an object");
        }
    }

    // What can only be seen once all is bound.
    private void Require(TrailSettings settings, Dictionary<ConfigurationKey, (ConfigurationNode Node, string Source)> found)
    {
        if (_home.Installation.Length > 0)
        {
            RequireMade(found, "home.installation", settings.Home.Installation, _home.Installation);
            RequireMade(found, "home.timeZone", settings.Home.TimeZone, _home.TimeZone.Id);
        }

        if (settings.Server.Jwt is not { } jwt)
            return;
        var missing = jwt.Authority.Length == 0 ? "server.jwt.authority" : jwt.Audience.Length == 0 ? "server.jwt.audience" : null;
        if (missing is null)
            return;
        var (given, (node, _)) = found.First(pair => pair.Key.Path.StartsWith("server.jwt.", StringComparison.Ordinal));
        throw new TrailConfigurationException($"{node.Where}: {given.Path} needs {missing} beside it.");
    }

    private static void RequireMade(Dictionary<ConfigurationKey, (ConfigurationNode Node, string Source)> found, string path, string? wanted, string made)
    {
        if (wanted is not null && wanted != made)
        {
            throw new TrailConfigurationException(
                $"{found[Find(path)!].Node.Where}: {path} is \"{wanted}\", and this home was made with \"{made}\", which stands in its seals and file names. "
                + "Take the value out, or make another home.");
        }
    }

    private static ConfigurationNode FromText(ConfigurationKey key, string text, string where)
    {
        if (key.IsText)
            return new ConfigurationNode(JsonTokenType.String, text, where);
        try
        {
            return ConfigurationNode.Parse(Encoding.UTF8.GetBytes(text), _ => where);
        }
        catch (TrailConfigurationException e)
        {
            throw new TrailConfigurationException($"{e.Message} {key.Path} must be {key.Type}.", e);
        }
    }

    private static ConfigurationKey? Find(string path) => ConfigurationKeys.All.FirstOrDefault(key => key.Path == path);

    private static string Nearest(string path) => NearestName.Of(path, ConfigurationKeys.All.Select(key => key.Path));
}
