using System.Globalization;
using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// How far a part's tree has come, kept so that signing can go on without reading the part again. Derived and unsigned: it counts only as far as it fits a
/// signed checkpoint. Brought to the disk when the part is closed; before, a power cut may leave an older one, or a torn one.
/// </summary>
internal sealed record TreeState
{
    private const string Header = "tooltrail tree 1";

    /// <summary>Bytes of the lines in the tree.</summary>
    public long Offset { get; init; }

    /// <summary>The tree.</summary>
    public MerkleTree Tree { get; init; } = new();

    /// <summary>The newest checkpoint of the part in the seal log.</summary>
    public SealReference? Sealed { get; init; }

    /// <summary>When that was appended, in seconds since 1970.</summary>
    public long SealedAt { get; init; }

    /// <summary>Whether the part stood there before anything was signed of it, and nothing of it is sealed yet: its first seal says that it was adopted.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether the part is closed.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Whether it is closed, and the seal log may not say so yet.</summary>
    public bool IsClosing { get; init; }

    /// <summary>What was found in the part that must not be; <c>null</c>: nothing.</summary>
    public string? Alarm { get; init; }

    /// <summary>Reads a state.</summary>
    /// <returns><c>null</c> when there is none that can be read.</returns>
    public static TreeState? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IntegrityFormatException or FormatException or OverflowException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Torn by a power cut, or just thrown away: it is made anew from the part and what is signed of it.
            return null;
        }
    }

    /// <summary>Writes the state; in a folder that is there.</summary>
    public void Write(string path) => DurableFile.WriteUnsynced(path, Encoding.UTF8.GetBytes(ToString()));

    /// <summary>The same, on disk when it returns.</summary>
    public void WriteDurably(string path) => DurableFile.Write(path, Encoding.UTF8.GetBytes(ToString()));

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"tree {Offset} {Tree.Size}\n");
        foreach (var hash in Tree.Edge)
            text.Append(CultureInfo.InvariantCulture, $"edge {hash}\n");
        if (Sealed is { } seal)
            text.Append(CultureInfo.InvariantCulture, $"sealed {seal.Index} {seal.Size} {seal.Root} {SealedAt}\n");
        if (IsForeign)
            text.Append("foreign\n");
        if (IsClosed)
            text.Append(IsClosing ? "closing\n" : "closed\n");
        if (Alarm is not null)
            text.Append(CultureInfo.InvariantCulture, $"alarm {Alarm.ReplaceLineEndings(" ")}\n");
        return text.Append("end\n").ToString();
    }

    private static TreeState Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines[0] != Header || lines is not [.., "end", ""])
            throw new IntegrityFormatException("Not a whole tree's state.");
        var state = new TreeState();
        var (size, edge) = (0L, new List<MerkleHash>());
        foreach (var line in lines[1..^2])
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "tree" when words.Length == 3:
                    state = state with { Offset = Number(words[1]) };
                    size = Number(words[2]);
                    break;
                case "edge" when words.Length == 2:
                    edge.Add(Base64Text.DecodeHash(words[1], "A hash of the edge"));
                    break;
                case "sealed" when words.Length == 5:
                    state = state with { Sealed = new SealReference(Number(words[1]), Number(words[2]), Base64Text.DecodeHash(words[3], "The sealed root")), SealedAt = Number(words[4]) };
                    break;
                case "foreign":
                    state = state with { IsForeign = true };
                    break;
                case "closed" or "closing":
                    state = state with { IsClosed = true, IsClosing = words[0] == "closing" };
                    break;
                case "alarm" when words.Length > 1:
                    state = state with { Alarm = line["alarm ".Length..] };
                    break;
                default:
                    throw new IntegrityFormatException($"A tree's state has no '{words[0]}'.");
            }
        }

        return state with { Tree = new MerkleTree(size, edge) };
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
