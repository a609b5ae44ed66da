using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolTrail.Home;

/// <summary>A key that a home's configuration may have: what the documentation and <c>config show</c> say of it, and how it is read.</summary>
public sealed class ConfigurationKey
{
    // Shown to people: é and < stay what they are.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Func<TrailSettings, string> _valueOf;

    private ConfigurationKey(
        string path,
        string type,
        bool isText,
        string description,
        Func<TrailSettings, ConfigurationNode, TrailSettings> bind,
        Func<TrailSettings, string> valueOf)
    {
        Path = path;
        Type = type;
        IsText = isText;
        Description = description;
        Bind = bind;
        _valueOf = valueOf;
    }

    /// <summary>Its place in the file, e.g. <c>delivery.mode</c>.</summary>
    public string Path { get; }

    /// <summary>The environment variable that sets it, e.g. <c>TOOLTRAIL__DELIVERY__MODE</c>.</summary>
    public string Variable => ConfigurationVariables.NameOf(Path);

    /// <summary>What a value may be, range included, in words that complete "must be".</summary>
    public string Type { get; }

    /// <summary>What it is for, in one sentence.</summary>
    public string Description { get; }

    /// <summary>Its value as JSON when nobody sets it.</summary>
    public string Default => ValueIn(new TrailSettings());

    /// <summary>Whether a variable or option holds the text of a JSON string, and not JSON.</summary>
    internal bool IsText { get; }

    /// <summary>Sets it in the settings.</summary>
    internal Func<TrailSettings, ConfigurationNode, TrailSettings> Bind { get; }

    /// <summary>Its value in some settings, as JSON.</summary>
    public string ValueIn(TrailSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return _valueOf(settings);
    }

    internal static ConfigurationKey Of<T>(
        string path, ConfigurationType<T> type, string description, Func<TrailSettings, T> get, Func<TrailSettings, T, TrailSettings> set) => new(
            path,
            type.Description,
            type.IsText,
            description,
            (settings, node) => set(settings, type.Read(node, path)),
            settings => ToJson(type, get(settings)));

    private static string ToJson<T>(ConfigurationType<T> type, T value)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, WriterOptions))
            type.Write(json, value);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
