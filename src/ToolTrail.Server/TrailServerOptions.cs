using Microsoft.Extensions.Logging;
using ToolTrail.Home;

namespace ToolTrail.Server;

/// <summary>What a server serves.</summary>
public sealed record TrailServerOptions
{
    /// <summary>The trail.</summary>
    public required TrailHome Home { get; init; }

    /// <summary>Its configuration, followed as it changes; addresses, certificate, tokens and telemetry are taken when the server is made. Stays the caller's to dispose.</summary>
    public required TrailConfiguration Configuration { get; init; }

    /// <summary>The clock; default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes; default: nowhere.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }
}
