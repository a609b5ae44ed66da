namespace ToolTrail.Bench;

/// <summary>The same measure's runs, one a round.</summary>
internal sealed class Series
{
    private readonly List<Figures> _rounds = [];

    public void Add(Figures figures) => _rounds.Add(figures);

    public double Median(string figure)
    {
        var sorted = _rounds.Select(round => round[figure]).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public double Least(string figure) => _rounds.Min(round => round[figure]);

    public double Most(string figure) => _rounds.Max(round => round[figure]);
}
