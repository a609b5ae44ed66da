using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Retention;

/// <summary>The events that tell of an erasure: one, or as many as it takes for each to fit into an entry of the seal log.</summary>
internal static class ErasureEvents
{
    // Room for the signature and the name of the key.
    private const int MostTextBytes = EntryBundle.MaxEntryBytes - 4096;

    /// <summary>Their texts, in the order of the lines.</summary>
    /// <param name="all">An event that tells of all lines at once.</param>
    /// <param name="installation">Whose log.</param>
    public static IEnumerable<string> Of(SealEvent all, string installation)
    {
        var text = all.ToText(installation);
        return Encoding.UTF8.GetByteCount(text) <= MostTextBytes || Count(all) < 2 ? [text] : Halves(all).SelectMany(half => Of(half, installation));
    }

    private static long Count(SealEvent one) => one.Lines.Sum(range => range.Last - range.First + 1);

    private static IEnumerable<SealEvent> Halves(SealEvent all)
    {
        // Between two ranges; a single one in its middle.
        var ranges = all.Lines;
        var middle = ranges.Count > 1 ? ranges[ranges.Count / 2].First : ranges[0].First + (Count(all) / 2);
        yield return all with
        {
            Lines = [.. ranges.Where(range => range.First < middle).Select(range => range with { Last = Math.Min(range.Last, middle - 1) })],
            Kept = [.. all.Kept.Where(kept => kept.Line < middle)],
        };
        yield return all with
        {
            Lines = [.. ranges.Where(range => range.Last >= middle).Select(range => range with { First = Math.Max(range.First, middle) })],
            Kept = [.. all.Kept.Where(kept => kept.Line >= middle)],
        };
    }
}
