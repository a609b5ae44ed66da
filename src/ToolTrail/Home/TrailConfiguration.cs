using Microsoft.Extensions.Logging;

namespace ToolTrail.Home;

/// <summary>
/// A home's configuration: file &lt; environment (<c>TOOLTRAIL__…</c>) &lt; option; followed as the file changes (within 2 s). A bad file is refused with
/// line and reason, and the old values stay.
/// </summary>
/// <remarks>Safe for use by several threads.</remarks>
public sealed class TrailConfiguration : IDisposable
{
    private TrailConfiguration()
    {
    }

    /// <summary>The values now. Read it for each use; the object itself never changes.</summary>
    public TrailSettings Current => throw new NotImplementedException();

    /// <summary>What is wrong with the file as it stands now; <c>null</c> when nothing is.</summary>
    public string? Problem => throw new NotImplementedException();

    /// <summary>Loads the configuration and begins to follow it.</summary>
    /// <param name="home">The home.</param>
    /// <param name="options">Values given on the command line, by their path, e.g. <c>server.urls</c>.</param>
    /// <param name="timeProvider">Drives the looking for changes; default: the system's clock.</param>
    /// <param name="loggerFactory">Where a refused change is told; default: nowhere.</param>
    /// <exception cref="TrailConfigurationException">The file or a variable is wrong.</exception>
    public static TrailConfiguration Load(
        TrailHome home, IReadOnlyDictionary<string, string>? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null) =>
        throw new NotImplementedException();

    /// <summary>A configuration that is what it is: for programs that bring their own settings.</summary>
    public static TrailConfiguration Fixed(TrailSettings settings) => throw new NotImplementedException();

    /// <summary>Each value and where it comes from, in the order of the documentation.</summary>
    public IReadOnlyList<ConfigurationValue> Values() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>A configured value.</summary>
/// <param name="Path">Its place, e.g. <c>delivery.mode</c>.</param>
/// <param name="Value">The value as JSON.</param>
/// <param name="Source">Where it comes from: <c>default</c>, the file's path, the variable's name, or <c>option</c>.</param>
public sealed record ConfigurationValue(string Path, string Value, string Source);
