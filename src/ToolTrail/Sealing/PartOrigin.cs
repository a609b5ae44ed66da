using System.Globalization;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>The origin that a part's checkpoints name: <c>{installation}/{user folder}/{day}</c>, and <c>/{part}</c> from the second on.</summary>
internal static class PartOrigin
{
    /// <summary>The origin of a part.</summary>
    public static string Of(string installation, PartName part) => part.File.Part == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{installation}/{part.UserFolder}/{part.File.Day:yyyy-MM-dd}")
        : string.Create(CultureInfo.InvariantCulture, $"{installation}/{part.UserFolder}/{part.File.Day:yyyy-MM-dd}/{part.File.Part}");

    /// <summary>Reads an origin.</summary>
    /// <returns>False when it is not the origin of a part of this installation.</returns>
    public static bool TryParse(string installation, string origin, out PartName part)
    {
        part = default;
        if (!origin.StartsWith(installation + "/", StringComparison.Ordinal))
            return false;
        var names = origin[(installation.Length + 1)..].Split('/');
        if (names is not [{ Length: > 0 } folder, var day, ..] || names.Length > 3)
            return false;
        // As the file is named, so that one part has one origin.
        if (!DayFileName.TryParse(names.Length == 3 ? $"{day}.{names[2]}.jsonl" : $"{day}.jsonl", out var file) || (names.Length == 2 && file.Part != 1))
            return false;
        part = new PartName(folder, file);
        return true;
    }
}
