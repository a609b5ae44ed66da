using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ToolTrail.Hooks;

/// <summary>A host's own record of a session, JSON lines.</summary>
internal static class TranscriptLines
{
    // Of a long session the last turns alone: the earlier ones were looked at when they ended.
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The calls that its lines hold, in order; none where the file cannot be read.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="words">Only lines with one of these are read.</param>
    /// <param name="take">Takes what a line holds.</param>
    public static IReadOnlyList<TranscriptCall> Read(string path, string[] words, Action<JsonValue, List<TranscriptCall>> take)
    {
        List<TranscriptCall> calls = [];
        try
        {
            foreach (var line in Of(path).Where(line => words.Any(word => line.Contains(word, StringComparison.Ordinal))))
                Take(line, calls, take);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The host's file, which it may keep or not: the calls stay without outcome then, and are shown so.
        }

        return calls;
    }

    /// <summary>The time that a member tells; long ago where it tells none.</summary>
    public static DateTimeOffset TimeOf(JsonValue value) =>
        DateTimeOffset.TryParse(value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.MinValue;

    private static IEnumerable<string> Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - MostBytes);
        var isCut = file.Position > 0;
        using var reader = new StreamReader(file, Encoding.UTF8);
        if (isCut)
            reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static void Take(string line, List<TranscriptCall> calls, Action<JsonValue, List<TranscriptCall>> take)
    {
        try
        {
            take(JsonValue.Parse(Encoding.UTF8.GetBytes(line)), calls);
        }
        catch (JsonException)
        {
            // A line that is just being written, or of a form that is not known: no call can be read from it.
        }
    }
}
