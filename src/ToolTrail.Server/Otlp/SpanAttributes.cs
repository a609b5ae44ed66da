using System.Collections.Frozen;
using System.Diagnostics;
using System.Text;

namespace ToolTrail.Server.Otlp;

/// <summary>The attributes of a span that matter here, and behind them those of its resource. All others are passed over, so that they hold no memory.</summary>
/// <param name="resource">The resource's; <c>null</c>: these are the resource's own.</param>
internal sealed class SpanAttributes(SpanAttributes? resource)
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "enduser.id", "error.type", "gen_ai.agent.name", "gen_ai.conversation.id", "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model",
        "gen_ai.response.model", "gen_ai.system", "gen_ai.tool.call.arguments", "gen_ai.tool.call.id", "gen_ai.tool.call.result", "gen_ai.tool.name", "mcp.server.name",
        "service.name", "session.id", "user.id");

    // What is said of one call, a resource cannot say: of all its spans each would hold, and store, a copy of it.
    private static readonly FrozenSet<string> OfCalls = FrozenSet.Create(
        StringComparer.Ordinal,
        "error.type", "gen_ai.operation.name", "gen_ai.tool.call.arguments", "gen_ai.tool.call.id", "gen_ai.tool.call.result", "gen_ai.tool.name");

    private Dictionary<string, (AttributeKind Kind, ReadOnlyMemory<byte> Utf8)>? _values;
    private string? _problem;

    /// <summary>Why some cannot be read; <c>null</c>: nothing is wrong with them.</summary>
    public string? Problem => _problem ?? resource?.Problem;

    /// <summary>Whether an attribute is to be added: it matters, and is the first of its name.</summary>
    public bool Wants(string name) => Known.Contains(name) && _values?.ContainsKey(name) != true && (resource is not null || !OfCalls.Contains(name));

    /// <summary>Adds a text, or a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="utf8">The text, or the digits. Not copied.</param>
    public void Add(string name, AttributeKind kind, ReadOnlyMemory<byte> utf8) => (_values ??= []).TryAdd(name, (kind, utf8));

    /// <summary>Adds any other value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">As JSON.</param>
    public void Add(string name, AttributeJson json)
    {
        if (json.IsTooLong)
            _problem = $"its {name} is longer than {AttributeJson.MostBytes >> 20} MiB as JSON";
        else
            Add(name, AttributeKind.Other, json.Utf8);
    }

    /// <summary>An attribute's text, of the first of these names that has one; <c>null</c>: none has.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { Kind: AttributeKind.Text or AttributeKind.Integer, Utf8.IsEmpty: false } found)
                return Encoding.UTF8.GetString(found.Utf8.Span);
        }

        return null;
    }

    /// <summary>An attribute's JSON: of text the text itself, which instrumentations fill with JSON; empty: there is none.</summary>
    public ReadOnlyMemory<byte> Json(string name) => Find(name)?.Utf8 ?? default;

    private (AttributeKind Kind, ReadOnlyMemory<byte> Utf8)? Find(string name)
    {
        Debug.Assert(Known.Contains(name), $"{name} is not read");
        return _values?.TryGetValue(name, out var value) == true ? value : resource?.Find(name);
    }
}
