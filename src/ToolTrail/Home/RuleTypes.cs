using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Home;

/// <summary>The objects that stand in the configuration's lists.</summary>
internal static class RuleTypes
{
    private static readonly ConfigurationType<DeliveryMode?> Mode = ConfigurationTypes.Optional(ConfigurationTypes.Choice<DeliveryMode>());
    private static readonly ConfigurationType<FailurePolicy?> OnFailure = ConfigurationTypes.Optional(ConfigurationTypes.Choice<FailurePolicy>());
    private static readonly ConfigurationType<long?> Days = ConfigurationTypes.Optional(ConfigurationTypes.Integer(1, 36_500));
    private static readonly ConfigurationType<RecordLevel> Level = ConfigurationTypes.Choice<RecordLevel>();
    private static readonly ConfigurationType<PolicyEffect> Effect = ConfigurationTypes.Choice<PolicyEffect>();

    /// <summary>How the records of some tools are delivered.</summary>
    public static ConfigurationType<DeliveryRule> Delivery { get; } = new(
        "{\"tool\": glob, \"mode\": …, \"onFailure\": …}",
        IsText: false,
        ReadDelivery,
        (json, rule) =>
        {
            json.WriteStartObject();
            json.WriteString("tool", rule.Tool);
            WriteMember(json, "mode", Mode, rule.Mode);
            WriteMember(json, "onFailure", OnFailure, rule.OnFailure);
            json.WriteEndObject();
        });

    /// <summary>Who may call which tool.</summary>
    public static ConfigurationType<PolicyRule> Policy { get; } = new(
        "{\"name\": …, \"effect\": allow or deny, \"user\", \"agent\", \"tool\", \"server\": globs, \"reason\": …}",
        IsText: false,
        ReadPolicy,
        (json, rule) =>
        {
            json.WriteStartObject();
            json.WriteString("name", rule.Name);
            WriteMember(json, "effect", Effect, rule.Effect);
            WriteMember(json, "user", ConfigurationTypes.Text, rule.User);
            WriteMember(json, "agent", ConfigurationTypes.Text, rule.Agent);
            WriteMember(json, "tool", ConfigurationTypes.Text, rule.Tool);
            WriteMember(json, "server", ConfigurationTypes.Text, rule.Server);
            WriteMember(json, "reason", ConfigurationTypes.Text, rule.Reason);
            json.WriteEndObject();
        });

    /// <summary>How much is recorded of some tools' calls.</summary>
    public static ConfigurationType<LevelRule> Levels { get; } = new(
        $"{{\"tool\": glob, \"level\": {Level.Description}}}",
        IsText: false,
        (node, path) =>
        {
            var members = new ConfigurationObject(node, path, ["tool", "level"]);
            return new LevelRule { Tool = members.Require("tool", ConfigurationTypes.Name)!, Level = members.Require("level", Level) };
        },
        (json, rule) =>
        {
            json.WriteStartObject();
            json.WriteString("tool", rule.Tool);
            WriteMember(json, "level", Level, rule.Level);
            json.WriteEndObject();
        });

    /// <summary>How long the records of some users are kept.</summary>
    public static ConfigurationType<RetentionRule> Retention { get; } = new(
        "{\"user\": glob, \"days\": number or null for ever}",
        IsText: false,
        (node, path) =>
        {
            var members = new ConfigurationObject(node, path, ["user", "days"]);
            return new RetentionRule { User = members.Require("user", ConfigurationTypes.Name)!, Days = (int?)members.Get("days", Days) };
        },
        (json, rule) =>
        {
            json.WriteStartObject();
            json.WriteString("user", rule.User);
            WriteMember(json, "days", Days, rule.Days);
            json.WriteEndObject();
        });

    private static DeliveryRule ReadDelivery(ConfigurationNode node, string path)
    {
        var members = new ConfigurationObject(node, path, ["tool", "mode", "onFailure"]);
        return new DeliveryRule
        {
            Tool = members.Require("tool", ConfigurationTypes.Name)!,
            Mode = members.Get("mode", Mode),
            OnFailure = members.Get("onFailure", OnFailure),
        };
    }

    private static PolicyRule ReadPolicy(ConfigurationNode node, string path)
    {
        var members = new ConfigurationObject(node, path, ["name", "effect", "user", "agent", "tool", "server", "reason"]);
        return new PolicyRule
        {
            Name = members.Require("name", ConfigurationTypes.Name)!,
            Effect = members.Require("effect", Effect),
            User = members.Get("user", ConfigurationTypes.Text),
            Agent = members.Get("agent", ConfigurationTypes.Text),
            Tool = members.Get("tool", ConfigurationTypes.Text),
            Server = members.Get("server", ConfigurationTypes.Text),
            Reason = members.Get("reason", ConfigurationTypes.Text),
        };
    }

    private static void WriteMember<T>(Utf8JsonWriter json, string name, ConfigurationType<T> type, T value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        type.Write(json, value);
    }
}
