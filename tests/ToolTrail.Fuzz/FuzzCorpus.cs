using System.IO.Compression;

namespace ToolTrail.Fuzz;

/// <summary>
/// What a target is started with: seeds that people wrote (<c>Seeds/</c>), and what fuzzing found to take other ways (<c>Corpus/</c>, a zip for each
/// target).
/// </summary>
/// <param name="folder">The folder of this project's sources.</param>
internal sealed class FuzzCorpus(string folder)
{
    private const int MostEntryBytes = 4096;
    private const int MostBytes = 300_000;

    // Of a zip for each of an entry's two heads, without its name.
    private const int EntryOverhead = 76;

    // The same entries make the same file.
    private static readonly DateTimeOffset EntryTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Every input of a target, with the name of its file or entry.</summary>
    public IEnumerable<(string Name, byte[] Input)> Read(string target)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "Seeds", target)).Order(StringComparer.Ordinal))
            yield return (Path.GetFileName(path), File.ReadAllBytes(path));
        if (!File.Exists(PathOf(target)))
            yield break;
        using var zip = ZipFile.OpenRead(PathOf(target));
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            var input = new byte[entry.Length];
            stream.ReadExactly(input);
            yield return (entry.FullName, input);
        }
    }

    /// <summary>Keeps inputs: the shortest ones, as many as there is room for.</summary>
    /// <returns>How many were kept.</returns>
    public int Keep(string target, IEnumerable<byte[]> inputs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(target))!);
        using var file = File.Create(PathOf(target));
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        var (kept, bytes) = (0, 0);
        foreach (var input in inputs.Where(input => input.Length <= MostEntryBytes).OrderBy(input => input.Length).ThenBy(Convert.ToHexString, StringComparer.Ordinal))
        {
            var name = $"{kept:d4}";
            bytes += input.Length + EntryOverhead + (2 * name.Length);
            if (bytes > MostBytes)
                break;
            var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = EntryTime;
            using var stream = entry.Open();
            stream.Write(input);
            kept++;
        }

        return kept;
    }

    private string PathOf(string target) => Path.Combine(folder, "Corpus", $"{target}.zip");
}
