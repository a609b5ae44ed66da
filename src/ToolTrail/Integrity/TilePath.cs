using System.Globalization;
using System.Text.RegularExpressions;

namespace ToolTrail.Integrity;

/// <summary>Names of a log's files (C2SP tlog-tiles), from the log's folder, with '/'.</summary>
internal static partial class TilePath
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

    /// <summary>Reads the name of a tile or of a bundle; there is one spelling for each.</summary>
    /// <param name="name">From the log's folder, with '/'.</param>
    /// <param name="tile">What it names.</param>
    /// <returns>False for anything else, whatever it may lead to.</returns>
    public static bool TryParse(string name, out TileName tile)
    {
        tile = default;
        if (NamePattern().Match(name) is not { Success: true } match)
            return false;
        var index = long.Parse(match.Groups["index"].Value.Replace("x", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var width = match.Groups["width"] is { Success: true, Value: var partial } ? int.Parse(partial, CultureInfo.InvariantCulture) : FullWidth;
        tile = new TileName(match.Groups["level"] is { Success: true, Value: var level } ? int.Parse(level, CultureInfo.InvariantCulture) : null, index, width);
        // Groups of zeros in front, and a width that no partial one has, do not come out as they went in.
        return width <= FullWidth && Of(tile) == name;
    }

    private static string Of(TileName tile) => tile.Level is { } level ? Hashes(level, tile.Index, tile.Width) : Entries(tile.Index, tile.Width);

    [GeneratedRegex(@"\Atile/(entries|(?<level>[1-5]?[0-9]|6[0-3]))/(?<index>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?<width>[1-9][0-9]{0,2}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex NamePattern();

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
