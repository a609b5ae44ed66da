namespace ToolTrail.Home;

/// <summary>What a home is made with. It stands in seals and in file names: once the home is there it stays as it is.</summary>
public sealed record HomeSettings
{
    /// <summary>The installation's name: ASCII letters, digits, <c>-</c>, <c>.</c>, <c>_</c>, with <c>/</c> between words, e.g. <c>example.com/trail</c>; 64 at most. <c>null</c> (default): the host's name and six random hex digits.</summary>
    public string? Installation { get; init; }

    /// <summary>The zone whose calendar days name the day files, by its IANA name; <c>null</c> (default): UTC.</summary>
    public string? TimeZone { get; init; }
}
