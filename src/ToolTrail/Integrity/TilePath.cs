using System.Globalization;

namespace ToolTrail.Integrity;

/// <summary>Names of a log's files (C2SP tlog-tiles), from the log's folder, with '/'.</summary>
internal static class TilePath
{
    /// <summary>Hashes of a full tile, and entries of a full bundle.</summary>
    public const int FullWidth = 256;

    /// <summary>The signed checkpoint.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>What the folder of a file's partial ones is called more than the full one.</summary>
    public const string PartialFolder = ".p";

    /// <summary>A tile of hashes.</summary>
    /// <param name="level">0: of leaves; each above: of the roots of 256 of the one below.</param>
    /// <param name="index">Which, from 0.</param>
    /// <param name="width">Hashes, 1 to 256.</param>
    public static string Hashes(int level, long index, int width) => string.Create(CultureInfo.InvariantCulture, $"tile/{level}/{Number(index)}{Partial(width)}");

    /// <summary>A bundle of entries.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="width">Entries, 1 to 256.</param>
    public static string Entries(long index, int width) => $"tile/entries/{Number(index)}{Partial(width)}";

    // 1234067: x001/x234/067.
    private static string Number(long index)
    {
        var name = (index % 1000).ToString("d3", CultureInfo.InvariantCulture);
        for (index /= 1000; index > 0; index /= 1000)
            name = string.Create(CultureInfo.InvariantCulture, $"x{index % 1000:d3}/{name}");
        return name;
    }

    private static string Partial(int width) => width == FullWidth ? "" : string.Create(CultureInfo.InvariantCulture, $"{PartialFolder}/{width}");
}
