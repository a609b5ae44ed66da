using System.Text.Json;

namespace ToolTrail.Bench;

/// <summary>What one run of a measure found: numbers by name. Printed as one line of JSON, by which the run's process hands it over.</summary>
internal sealed class Figures : Dictionary<string, double>
{
    public void Print() => Console.WriteLine(JsonSerializer.Serialize<Dictionary<string, double>>(this));

    public static Figures Parse(string line)
    {
        var figures = new Figures();
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, double>>(line)!)
            figures.Add(name, value);
        return figures;
    }
}
