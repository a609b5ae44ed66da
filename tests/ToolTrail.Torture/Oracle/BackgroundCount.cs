namespace ToolTrail.Torture.Oracle;

/// <summary>What became of the Background records of a trail.</summary>
internal sealed class BackgroundCount
{
    /// <param name="home">The home of a trail that nobody writes to.</param>
    public BackgroundCount(string home)
    {
        foreach (var line in TrailCheck.Lines(home, _ => { }))
        {
            Stored += line.Id?.EndsWith('b') == true ? 1 : 0;
            Told += line.Count;
        }
    }

    /// <summary>How many stand there.</summary>
    public long Stored { get; }

    /// <summary>Of how many gap records say that they were lost.</summary>
    public long Told { get; }
}
