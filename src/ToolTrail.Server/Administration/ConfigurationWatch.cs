using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Server.Administration;

/// <summary>Writes changes of the configuration to the trail as <c>tooltrail.admin</c>, within 2 s of their taking effect.</summary>
internal sealed partial class ConfigurationWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly TrailConfiguration _configuration;
    private readonly ToolCallRecorder _recorder;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<ConfigurationWatch> _logger;

    public ConfigurationWatch(TrailConfiguration configuration, ToolCallRecorder recorder, TimeProvider timeProvider, ILogger<ConfigurationWatch> logger)
    {
        _configuration = configuration;
        _recorder = recorder;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = _configuration.Current;
        var values = Values();
        using var timer = new PeriodicTimer(Interval, _timeProvider);
        // Ends without an exception: a host that could not start would report it.
        await using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            if (ReferenceEquals(settings, _configuration.Current))
                continue;
            settings = _configuration.Current;
            var before = values;
            values = Values();
            await RecordAsync(before, values, stoppingToken);
        }
    }

    private Dictionary<string, string> Values() => _configuration.Values().ToDictionary(value => value.Path, value => value.Value);

    private async Task RecordAsync(Dictionary<string, string> before, Dictionary<string, string> after, CancellationToken cancellationToken)
    {
        var changed = after.Keys.Union(before.Keys).Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path)).ToList();
        if (changed.Count == 0)
            return;
        LogChanged(string.Join(", ", changed));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("by", "config.json");
            json.WriteString("change", "configuration");
            WriteValues(json, "before", changed, before);
            WriteValues(json, "after", changed, after);
            json.WriteEndObject();
        }

        try
        {
            await _recorder.RecordOwnAsync(OwnLines.Administration, ToolCallStatus.Ok, buffer.ToArray(), cancellationToken: cancellationToken);
        }
        catch (TrailWriteException exception)
        {
            // The change is in force already, and the recorder counts the loss: the server goes on.
            LogNotRecorded(exception);
        }
    }

    private static void WriteValues(Utf8JsonWriter json, string name, List<string> paths, Dictionary<string, string> values)
    {
        json.WriteStartObject(name);
        foreach (var path in paths.Where(values.ContainsKey))
        {
            json.WritePropertyName(path);
            json.WriteRawValue(values[path]);
        }

        json.WriteEndObject();
    }

    [LoggerMessage(LogLevel.Information, "The configuration has changed: {Paths}.")]
    private partial void LogChanged(string paths);

    [LoggerMessage(LogLevel.Error, "The change of the configuration could not be recorded.")]
    private partial void LogNotRecorded(Exception exception);
}
