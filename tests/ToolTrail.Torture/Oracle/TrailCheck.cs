using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ToolTrail.Home;

namespace ToolTrail.Torture.Oracle;

/// <summary>Reads a trail's files as any program would, past the product's own readers, and compares them with what was acknowledged.</summary>
internal static partial class TrailCheck
{
    /// <summary>Looks at a trail that nobody writes to.</summary>
    /// <param name="home">Absolute path of the home.</param>
    /// <param name="acknowledged">Ids that were acknowledged.</param>
    public static TrailFindings Run(string home, IEnumerable<string> acknowledged)
    {
        var corrupted = new List<string>();
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in Lines(home, corrupted.Add).Select(line => line.Id).OfType<string>())
            times[id] = times.GetValueOrDefault(id) + 1;
        return new TrailFindings(
            acknowledged.Where(id => !times.ContainsKey(id)).ToList(),
            times.Where(pair => pair.Value > 1).Select(pair => $"{pair.Key} ({pair.Value} times)").ToList(),
            corrupted);
    }

    /// <summary>All lines of a trail, those of each user in order.</summary>
    /// <param name="home">Absolute path of the home.</param>
    /// <param name="corrupted">Told each line that is none, or stands where it does not belong.</param>
    public static IEnumerable<StoredLine> Lines(string home, Action<string> corrupted)
    {
        var zone = TrailHome.OpenForReading(home).TimeZone;
        foreach (var path in DayFiles(home))
        {
            var number = 0;
            var bytes = File.ReadAllBytes(path);
            for (var start = 0; start < bytes.Length;)
            {
                number++;
                var end = Array.IndexOf(bytes, (byte)'\n', start);
                if (end < 0)
                {
                    corrupted($"{path}:{number}: the last line has no end");
                    end = bytes.Length;
                }

                var line = Read(bytes.AsMemory(start, end - start), path, number, zone, out var problem);
                if (line is not null)
                    yield return line;
                if (problem is not null)
                    corrupted($"{path}:{number}: {problem}");
                start = end + 1;
            }
        }
    }

    /// <summary>The day files of a trail, those of each user in order.</summary>
    public static IEnumerable<string> DayFiles(string home) => Directory.EnumerateDirectories(home)
        .Select(user => Path.Combine(user, "tool_audit")).Where(Directory.Exists).Order(StringComparer.Ordinal)
        .SelectMany(folder => Directory.EnumerateFiles(folder).Where(path => Name().IsMatch(Path.GetFileName(path))).OrderBy(Order, StringComparer.Ordinal));

    private static StoredLine? Read(ReadOnlyMemory<byte> line, string path, int number, TimeZoneInfo zone, out string? problem)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var record = json.RootElement;
            var status = record.GetProperty("status").GetString()!;
            problem = Misplaced(record, path, zone);
            if (status is "lost" or "recovered")
                return new StoredLine(path, number, null, status, status == "lost" ? record.GetProperty("args").GetProperty("count").GetInt64() : 0);
            return new StoredLine(path, number, record.GetProperty("id").GetString(), status, 0);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            problem = $"no record: {e.Message}";
            return null;
        }
    }

    private static string? Misplaced(JsonElement record, string path, TimeZoneInfo zone)
    {
        var time = record.GetProperty("ts").GetDateTimeOffset();
        var day = TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (!Path.GetFileName(path).StartsWith(day, StringComparison.Ordinal))
            return $"a record of {time:O} in the file of another day";
        var user = record.GetProperty("user").GetString();
        // Users here need no escapes in their folders' names.
        return Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path))) == user ? null : $"a record of '{user}' in another user's folder";
    }

    private static string Order(string path)
    {
        var match = Name().Match(Path.GetFileName(path));
        var part = match.Groups["part"].Success ? int.Parse(match.Groups["part"].Value, CultureInfo.InvariantCulture) : 1;
        return string.Create(CultureInfo.InvariantCulture, $"{match.Groups["day"].Value}.{part:00000000}");
    }

    [GeneratedRegex(@"^(?<day>\d{4}-\d\d-\d\d)(\.(?<part>\d+))?\.jsonl$")]
    private static partial Regex Name();
}
