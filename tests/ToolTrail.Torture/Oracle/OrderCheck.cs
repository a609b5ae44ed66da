using System.Globalization;

namespace ToolTrail.Torture.Oracle;

/// <summary>Whether each writer's records of a day stand in the order in which it recorded them.</summary>
internal static class OrderCheck
{
    /// <summary>Looks at a trail that nobody writes to.</summary>
    /// <param name="home">Absolute path of the home.</param>
    /// <returns>Each line that stands behind a later one, with where.</returns>
    public static IReadOnlyList<string> Run(string home)
    {
        var last = new Dictionary<(string Folder, string Day, string Writer), int>();
        var wrong = new List<string>();
        foreach (var line in TrailCheck.Lines(home, _ => { }))
        {
            // A writer numbers its records: "w3-17", or "w3-17b" in the background.
            if (line.Id?.Split('-') is not [var writer, var text])
                continue;
            var number = int.Parse(text.TrimEnd('b'), CultureInfo.InvariantCulture);
            var key = (Path.GetDirectoryName(line.File)!, Path.GetFileName(line.File)[..10], writer);
            if (last.TryGetValue(key, out var before) && before > number)
                wrong.Add($"{line.File}:{line.Number}: {line.Id} stands behind {before}");
            last[key] = number;
        }

        return wrong;
    }
}
