using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>What is being erased, and why, in a file of its own until that is done: after a crash it is brought to its end.</summary>
internal sealed class ErasureIntent
{
    private readonly string _path;

    private ErasureIntent(string path)
    {
        _path = path;
    }

    /// <summary>The part.</summary>
    public required PartName Part { get; init; }

    /// <summary>The lines, in order.</summary>
    public required IReadOnlyList<LineRange> Lines { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>What stays readable of the lines.</summary>
    public required IReadOnlyList<KeptFields> Kept { get; init; }

    /// <summary>The entry of the seal log that tells of it, or the first of several; <c>null</c>: none does yet.</summary>
    public long? FirstEvent { get; private set; }

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
    public static ErasureIntent Write(TrailHome home, PartName part, IReadOnlyList<LineRange> lines, string reason, IReadOnlyList<KeptFields> kept)
    {
        var folder = FolderOf(home);
        foreach (var parent in SyncedFolder.Create(folder))
            SyncedFolder.Sync(parent);
        var intent = new ErasureIntent(Path.Combine(folder, $"{Guid.CreateVersion7():n}.json")) { Part = part, Lines = lines, Reason = reason, Kept = kept };
        intent.Write();
        return intent;
    }

    /// <summary>The intents that were not brought to their end, the oldest first.</summary>
    /// <param name="home">The trail.</param>
    /// <param name="damaged">Told of those that cannot be read: what to do about it.</param>
    public static IReadOnlyList<ErasureIntent> ReadAll(TrailHome home, Action<string>? damaged = null)
    {
        var folder = FolderOf(home);
        if (!Directory.Exists(folder))
            return [];
        var intents = new List<ErasureIntent>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                if (TryRead(path) is { } intent)
                    intents.Add(intent);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The others are no worse for it.
                damaged?.Invoke(e.Message);
            }
        }

        return intents;
    }

    /// <summary>The intents for a part: its lines may stand there still though an event says that they were erased.</summary>
    public static IReadOnlyList<ErasureIntent> ReadThose(TrailHome home, PartName part) => [.. ReadAll(home).Where(intent => intent.Part == part)];

    /// <summary>The intent as it is now; <c>null</c>: it was brought to its end.</summary>
    public ErasureIntent? Again() => TryRead(_path);

    /// <summary>Notes that the seal log tells of it.</summary>
    public void Told(long firstEvent)
    {
        FirstEvent = firstEvent;
        Write();
    }

    /// <summary>Takes the intent away: it is done.</summary>
    public void Remove()
    {
        File.Delete(_path);
        SyncedFolder.Sync(Path.GetDirectoryName(_path)!);
    }

    private static string FolderOf(TrailHome home) => Path.Combine(home.SystemPath, "erasing");

    private void Write()
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteString("user_folder", Part.UserFolder);
            json.WriteString("file", Part.File.ToString());
            json.WriteString("reason", Reason);
            if (FirstEvent is { } index)
                json.WriteNumber("event", index);
            json.WriteStartArray("lines");
            foreach (var range in Lines)
                range.Write(json);
            json.WriteEndArray();
            json.WriteStartArray("kept");
            foreach (var kept in Kept)
                kept.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        DurableFile.Write(_path, content.ToArray());
    }

    private static ErasureIntent? TryRead(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var json = document.RootElement;
            return new ErasureIntent(path)
            {
                Part = DayFileName.TryParse(json.GetProperty("file").GetString(), out var file)
                    ? new PartName(json.GetProperty("user_folder").GetString()!, file)
                    : throw new FormatException("it names no part."),
                Lines = [.. json.GetProperty("lines").EnumerateArray().Select(LineRange.Read)],
                Reason = json.GetProperty("reason").GetString()!,
                Kept = [.. json.GetProperty("kept").EnumerateArray().Select(KeptFields.Read)],
                FirstEvent = json.TryGetProperty("event", out var index) ? index.GetInt64() : null,
            };
        }
        catch (FileNotFoundException)
        {
            // Brought to its end meanwhile.
            return null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new IOException($"'{path}' is damaged: {e.Message} It says what was being erased; delete it and erase again.", e);
        }
    }
}
