using System.Collections;

namespace ToolTrail.Home;

/// <summary>Configuration in environment variables: <c>TOOLTRAIL__DELIVERY__MODE</c> is <c>delivery.mode</c>.</summary>
internal static class ConfigurationVariables
{
    private const string Prefix = "TOOLTRAIL__";

    /// <summary>The variable of a key.</summary>
    public static string NameOf(string path) => Prefix + path.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>The keys that this process's variables set, with their text. An empty variable counts as none.</summary>
    /// <exception cref="TrailConfigurationException">A variable is no key's.</exception>
    public static Dictionary<ConfigurationKey, (string Name, string Text)> Read()
    {
        var found = new Dictionary<ConfigurationKey, (string, string)>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || variable.Value is not string { Length: > 0 } text)
                continue;
            var key = ConfigurationKeys.All.FirstOrDefault(key => key.Variable.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new TrailConfigurationException(
                    $"There is no configuration for the variable {name}; did you mean {NearestName.Of(name, ConfigurationKeys.All.Select(key => key.Variable))}?");
            found[key] = (name, text);
        }

        return found;
    }
}
