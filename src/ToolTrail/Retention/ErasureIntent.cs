using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>What is being erased, in a file of its own until that is done: after a crash it is brought to its end.</summary>
internal sealed class ErasureIntent
{
    private ErasureIntent(string path, PartName part, IReadOnlyList<LineRange> lines)
    {
        (Path, Part, Lines) = (path, part, lines);
    }

    /// <summary>The part.</summary>
    public PartName Part { get; }

    /// <summary>The lines, in order.</summary>
    public IReadOnlyList<LineRange> Lines { get; }

    private string Path { get; }

    /// <summary>Whether a line is one of them. Asked in the order of the lines.</summary>
    public Predicate<long> Contains()
    {
        var next = 0;
        return line =>
        {
            while (next < Lines.Count && Lines[next].Last < line)
                next++;
            return next < Lines.Count && Lines[next].Contains(line);
        };
    }

    /// <summary>Writes an intent, durably.</summary>
    public static ErasureIntent Write(TrailHome home, PartName part, IReadOnlyList<LineRange> lines)
    {
        var folder = FolderOf(home);
        foreach (var parent in SyncedFolder.Create(folder))
            SyncedFolder.Sync(parent);
        var path = System.IO.Path.Combine(folder, $"{Guid.CreateVersion7():n}.json");
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteString("user_folder", part.UserFolder);
            json.WriteString("file", part.File.ToString());
            json.WriteStartArray("lines");
            foreach (var range in lines)
                range.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        DurableFile.Write(path, content.ToArray());
        return new ErasureIntent(path, part, lines);
    }

    /// <summary>The intents that were not brought to their end.</summary>
    public static IReadOnlyList<ErasureIntent> ReadAll(TrailHome home)
    {
        var folder = FolderOf(home);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read)] : [];
    }

    /// <summary>The intents for a part, for whoever only looks beside those who erase.</summary>
    public static IReadOnlyList<ErasureIntent> ReadThose(TrailHome home, PartName part)
    {
        var intents = new List<ErasureIntent>();
        foreach (var path in Directory.Exists(FolderOf(home)) ? Directory.GetFiles(FolderOf(home), "*.json") : [])
        {
            try
            {
                if (Read(path) is var intent && intent.Part == part)
                    intents.Add(intent);
            }
            catch (IOException)
            {
                // Done meanwhile; or damaged, so that it will not be done.
                continue;
            }
        }

        return intents;
    }

    /// <summary>Takes the intent away: it is done.</summary>
    public void Remove()
    {
        File.Delete(Path);
        SyncedFolder.Sync(System.IO.Path.GetDirectoryName(Path)!);
    }

    private static string FolderOf(TrailHome home) => System.IO.Path.Combine(home.SystemPath, "erasing");

    private static ErasureIntent Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return DayFileName.TryParse(json.RootElement.GetProperty("file").GetString(), out var file)
                ? new ErasureIntent(path, new PartName(json.RootElement.GetProperty("user_folder").GetString()!, file), [.. json.RootElement.GetProperty("lines").EnumerateArray().Select(LineRange.Read)])
                : throw new FormatException("it names no part.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new IOException($"'{path}' is damaged: {e.Message} It says what was being erased; delete it and erase again.", e);
        }
    }
}
