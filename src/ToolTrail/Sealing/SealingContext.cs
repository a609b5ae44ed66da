using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>What everything that seals shares.</summary>
internal sealed class SealingContext
{
    /// <summary>The trail.</summary>
    public required TrailHome Home { get; init; }

    /// <summary>The seal log.</summary>
    public required SealLog Log { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where alarms are told.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Whether a recorder made a part's file: what nobody made stood there before.</summary>
    public required Func<PartName, bool> IsOurs { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();
}
