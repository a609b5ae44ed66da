using System.Collections.Concurrent;
using ToolTrail.Home;
using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>A configuration made ready for use: the codec, and what is done with each tool's records. Safe for use by several threads.</summary>
internal sealed class RecordingPlan
{
    // Tools that an agent makes up must not fill the memory.
    private const int MostRemembered = 1000;

    private readonly ConcurrentDictionary<(string Tool, string? Server), Handling> _byTool = new();

    public RecordingPlan(TrailSettings settings, ReadOnlyMemory<byte> digestKey)
    {
        Settings = settings;
        Codec = new RecordCodec(settings.Limits, settings.Redaction, digestKey);
    }

    /// <summary>The settings that it was made of.</summary>
    public TrailSettings Settings { get; }

    /// <summary>The codec.</summary>
    public RecordCodec Codec { get; }

    /// <summary>What is done with a call's records.</summary>
    public Handling HandlingOf(ToolCallRecord call) => HandlingOf(call.Tool, call.Server);

    /// <summary>What is done with a tool's records.</summary>
    public Handling HandlingOf(string tool, string? server = null)
    {
        if (Settings.Delivery.Rules.Count == 0 && Settings.Levels.Count == 0)
            return new Handling(Delivery.Of(Settings.Delivery.Mode, Settings.Delivery.OnFailure), RecordLevel.Full);
        if (_byTool.TryGetValue((tool, server), out var known))
            return known;

        var found = new Handling(Settings.Delivery.Of(tool, server), Settings.LevelOf(tool, server));
        if (_byTool.Count < MostRemembered)
            _byTool[(tool, server)] = found;
        return found;
    }

    /// <summary>The rule that decides on a call; <c>null</c>: none matches.</summary>
    public PolicyRule? RuleFor(ToolCallRecord call)
    {
        foreach (var rule in Settings.Policy)
        {
            if (rule.MismatchOf(call) is null)
                return rule;
        }

        return null;
    }
}
