using ToolTrail.Fuzz.Targets;

namespace ToolTrail.Fuzz;

/// <summary>What is fuzzed.</summary>
internal static class FuzzTargets
{
    /// <summary>The targets' names, in the order in which they are run.</summary>
    public static IReadOnlyList<string> Names { get; } = ["codec", "ingest", "reader", "proxy", "notes", "hooks", "otlp"];

    /// <summary>Makes a target.</summary>
    /// <param name="name">Of <see cref="Names"/>.</param>
    public static IFuzzTarget Open(string name) => name switch
    {
        "codec" => new CodecTarget(),
        "ingest" => new IngestTarget(),
        "reader" => new ReaderTarget(),
        "proxy" => new ProxyTarget(),
        "notes" => new NotesTarget(),
        "hooks" => new HooksTarget(),
        "otlp" => new OtlpTarget(),
        _ => throw new ArgumentException($"'{name}' is no target: {string.Join(", ", Names)}.", nameof(name)),
    };
}
