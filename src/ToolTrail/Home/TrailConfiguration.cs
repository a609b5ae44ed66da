using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ToolTrail.Home;

/// <summary>
/// A home's configuration: file &lt; environment (<c>TOOLTRAIL__…</c>) &lt; option; followed as the file changes (within 2 s). A bad file is refused with
/// line and reason, and the old values stay.
/// </summary>
/// <remarks>Safe for use by several threads.</remarks>
public sealed partial class TrailConfiguration : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> NoOptions = new Dictionary<string, string>();

    private readonly ILogger _logger;
    private readonly ConfigurationFile? _file;
    private readonly ConfigurationLayers? _layers;
    private volatile State _state;

    private TrailConfiguration(State state, ILogger logger, ConfigurationLayers? layers = null, ConfigurationFile? file = null)
    {
        _state = state;
        _logger = logger;
        _layers = layers;
        _file = file;
    }

    /// <summary>The values now. Read it for each use; the object itself never changes.</summary>
    public TrailSettings Current => _state.Settings;

    /// <summary>What is wrong with the file as it stands now; <c>null</c> when nothing is.</summary>
    public string? Problem => _state.Problem;

    /// <summary>The configuration file of a home, there or not.</summary>
    public static string FileOf(TrailHome home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return Path.Combine(home.SystemPath, "config.json");
    }

    /// <summary>Loads the configuration and begins to follow it.</summary>
    /// <param name="home">The home.</param>
    /// <param name="options">Values given on the command line, by their path, e.g. <c>server.urls</c>.</param>
    /// <param name="timeProvider">Drives the looking for changes; default: the system's clock.</param>
    /// <param name="loggerFactory">Where a refused change is told; default: nowhere.</param>
    /// <exception cref="TrailConfigurationException">
    /// The file, a variable or an option is wrong; the message says where, why, and what would be right.
    /// </exception>
    public static TrailConfiguration Load(
        TrailHome home, IReadOnlyDictionary<string, string>? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        var layers = new ConfigurationLayers(home, options ?? NoOptions);
        var file = new ConfigurationFile(FileOf(home));
        var (settings, sources) = layers.Bind(file.Content);
        ILogger logger = loggerFactory is null ? NullLogger.Instance : loggerFactory.CreateLogger<TrailConfiguration>();
        var configuration = new TrailConfiguration(new State(settings, sources, null), logger, layers, file);
        file.Follow(timeProvider ?? TimeProvider.System, configuration.Take, configuration.Refuse);
        return configuration;
    }

    /// <summary>A configuration that is what it is: for programs that bring their own settings.</summary>
    public static TrailConfiguration Fixed(TrailSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var defaults = new TrailSettings();
        var sources = ConfigurationKeys.All.Where(key => key.ValueIn(settings) != key.ValueIn(defaults)).ToDictionary(key => key, _ => "program");
        return new TrailConfiguration(new State(settings, sources, null), NullLogger.Instance);
    }

    /// <summary>What a home is to be made with.</summary>
    /// <exception cref="TrailConfigurationException">The file or a variable is wrong.</exception>
    internal static HomeSettings ReadForNewHome(TrailHome home)
    {
        var file = FileOf(home);
        return new ConfigurationLayers(home, NoOptions).Bind(File.Exists(file) ? File.ReadAllBytes(file) : null).Settings.Home;
    }

    /// <summary>Each value and where it comes from, in the order of the documentation.</summary>
    public IReadOnlyList<ConfigurationValue> Values()
    {
        var state = _state;
        return [.. ConfigurationKeys.All.Select(key => new ConfigurationValue(
            key.Path, key.ValueIn(state.Settings), state.Sources.TryGetValue(key, out var source) ? source : "default"))];
    }

    /// <summary>Stops following the file; the values stay.</summary>
    public void Dispose() => _file?.Dispose();

    private void Take(byte[]? content)
    {
        try
        {
            var (settings, sources) = _layers!.Bind(content);
            _state = new State(settings, sources, null);
            LogTaken();
        }
        catch (TrailConfigurationException e)
        {
            Refuse(e.Message);
        }
    }

    private void Refuse(string problem)
    {
        _state = _state with { Problem = problem };
        LogRefused(problem);
    }

    [LoggerMessage(LogLevel.Information, "The configuration changed and is used from now on.")]
    private partial void LogTaken();

    [LoggerMessage(LogLevel.Error, "The configuration changed and cannot be used; the values before stay. {Problem}")]
    private partial void LogRefused(string problem);

    private sealed record State(TrailSettings Settings, IReadOnlyDictionary<ConfigurationKey, string> Sources, string? Problem);
}
