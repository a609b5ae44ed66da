using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Home;

/// <summary>A home's configuration, as it stands in <c>.tooltrail/config.json</c>.</summary>
public sealed record TrailSettings
{
    /// <summary>How records are delivered.</summary>
    public DeliverySettings Delivery { get; init; } = new();

    /// <summary>Who may call which tool: ordered, first match wins.</summary>
    public IReadOnlyList<PolicyRule> Policy { get; init; } = [];

    /// <summary>How much of a value a record keeps.</summary>
    public RecordLimits Limits { get; init; } = new();

    /// <summary>What is secret beyond the built-in names and shapes.</summary>
    public RedactionSettings Redaction { get; init; } = new();

    /// <summary>How long records are kept.</summary>
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>The HTTP server.</summary>
    public ServerSettings Server { get; init; } = new();
}

/// <summary>How long records are kept.</summary>
public sealed record RetentionSettings
{
    /// <summary>Days that a record may be old when it is ingested; <c>null</c> (default): any.</summary>
    public int? Days { get; init; }
}

/// <summary>The HTTP server of <c>tooltrail serve</c>.</summary>
public sealed record ServerSettings
{
    /// <summary>Addresses to listen on, separated by <c>;</c>. Default: <c>http://127.0.0.1:5280</c>.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5280";

    /// <summary>Whether an address beyond loopback may be served without TLS. Default: no.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Host names that requests may name beside loopback's and those in <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>JWT bearer tokens; <c>null</c>: not accepted.</summary>
    public JwtSettings? Jwt { get; init; }

    /// <summary>OTLP endpoint for metrics and traces, e.g. <c>http://127.0.0.1:4317</c>; <c>null</c>: not exported.</summary>
    public string? OtlpEndpoint { get; init; }
}

/// <summary>JWT bearer tokens.</summary>
public sealed record JwtSettings
{
    /// <summary>The issuer's address, where its metadata is found.</summary>
    public required string Authority { get; init; }

    /// <summary>The audience that a token must name.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim that holds the role. Default: <c>role</c>.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>The claim that holds the users a <c>user</c> or <c>producer</c> token stands for. Default: <c>sub</c>.</summary>
    public string UserClaim { get; init; } = "sub";
}
