using System.Collections.Concurrent;
using ToolTrail.Home;
using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>A configuration made ready for use: the codec, and the delivery of each tool. Safe for use by several threads.</summary>
internal sealed class RecordingPlan
{
    // Tools that an agent makes up must not fill the memory.
    private const int MostRemembered = 1000;

    private readonly ConcurrentDictionary<string, Delivery> _byTool = new(StringComparer.Ordinal);

    public RecordingPlan(TrailSettings settings, ReadOnlyMemory<byte> digestKey)
    {
        Settings = settings;
        Codec = new RecordCodec(settings.Limits, settings.Redaction, digestKey);
    }

    /// <summary>The settings that it was made of.</summary>
    public TrailSettings Settings { get; }

    /// <summary>The codec.</summary>
    public RecordCodec Codec { get; }

    /// <summary>How a tool's records are delivered: by the most specific of the rules that match, of equals the first.</summary>
    public Delivery DeliveryOf(string tool)
    {
        var delivery = Settings.Delivery;
        if (delivery.Rules.Count == 0)
            return Delivery.Of(delivery.Mode, delivery.OnFailure);
        if (_byTool.TryGetValue(tool, out var known))
            return known;

        DeliveryRule? best = null;
        foreach (var rule in delivery.Rules)
        {
            if (Glob.IsMatch(rule.Tool, tool) && (best is null || Specificity(rule.Tool) > Specificity(best.Tool)))
                best = rule;
        }

        var found = Delivery.Of(best?.Mode ?? delivery.Mode, best?.OnFailure ?? delivery.OnFailure);
        if (_byTool.Count < MostRemembered)
            _byTool[tool] = found;
        return found;
    }

    /// <summary>The rule that decides on a call; <c>null</c>: none matches.</summary>
    public PolicyRule? RuleFor(ToolCallRecord call)
    {
        foreach (var rule in Settings.Policy)
        {
            if (Glob.IsMatch(rule.User, call.User) && Glob.IsMatch(rule.Agent, call.Agent) && Glob.IsMatch(rule.Tool, call.Tool) && Glob.IsMatch(rule.Server, call.Server))
                return rule;
        }

        return null;
    }

    private static int Specificity(string glob)
    {
        var literal = 0;
        foreach (var c in glob)
            literal += c is '*' or '?' ? 0 : 1;
        return literal == glob.Length ? int.MaxValue : literal;
    }
}

/// <summary>How a record is delivered.</summary>
internal readonly record struct Delivery(DeliveryMode Mode, FailurePolicy OnFailure)
{
    /// <summary>Write-ahead implies refusing.</summary>
    public static Delivery Of(DeliveryMode mode, FailurePolicy onFailure) => new(mode, mode == DeliveryMode.WriteAhead ? FailurePolicy.Refuse : onFailure);
}
