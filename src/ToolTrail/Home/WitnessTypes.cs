using ToolTrail.Integrity;

namespace ToolTrail.Home;

/// <summary>The witnesses in the configuration.</summary>
internal static class WitnessTypes
{
    // Their cosignatures and the log's own signature have to find room in one note.
    private const int Most = 32;

    private static readonly ConfigurationType<IReadOnlyList<WitnessSettings>> AnyList = ConfigurationTypes.ListOf(
        new ConfigurationType<WitnessSettings>(
            "{\"url\": …, \"key\": …}",
            IsText: false,
            ReadWitness,
            (json, witness) =>
            {
                json.WriteStartObject();
                json.WriteString("url", witness.Url.OriginalString);
                json.WriteString("key", witness.Key.ToString());
                json.WriteEndObject();
            }),
        "a list of witnesses {\"url\": …, \"key\": name+id+base64}");

    /// <summary>A list of witnesses, each with a key of its own.</summary>
    public static ConfigurationType<IReadOnlyList<WitnessSettings>> List { get; } = AnyList with { Read = ReadList };

    private static IReadOnlyList<WitnessSettings> ReadList(ConfigurationNode node, string path)
    {
        var witnesses = AnyList.Read(node, path);
        if (witnesses.Count > Most)
            throw new TrailConfigurationException($"{node.Where}: {path} has {witnesses.Count} witnesses, and may have {Most}.");
        return witnesses.GroupBy(witness => witness.Key).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new TrailConfigurationException($"{node.Where}: {path} has two witnesses with the key {twice.Key}; keep one of them.")
            : witnesses;
    }

    private static WitnessSettings ReadWitness(ConfigurationNode node, string path)
    {
        var members = new ConfigurationObject(node, path, ["url", "key"]);
        return new WitnessSettings
        {
            Url = new Uri(members.Require("url", ConfigurationTypes.WitnessUrl)!),
            Key = WitnessKey.Parse(members.Require("key", ConfigurationTypes.WitnessKey)!),
        };
    }
}
