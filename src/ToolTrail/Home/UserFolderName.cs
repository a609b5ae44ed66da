using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ToolTrail.Home;

/// <summary>
/// Turns user names into folder names and back. No name leaves the home, none is refused, two users never share a folder.
/// </summary>
/// <remarks>A lone surrogate counts as U+FFFD, as in the record: names that differ in nothing else are one user's.</remarks>
public static class UserFolderName
{
    private const string OfEmptyName = "%";
    private const string DigestMark = "%h";
    private const int MostBytes = 255;
    private const int BytesBeforeDigest = 180;
    private const int DigestBytes = 16;

    private const string LowerCase = "abcdefghijklmnopqrstuvwxyz0123456789._@-";
    private static readonly SearchValues<char> Plain = SearchValues.Create(LowerCase + "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> PlainLowerCase = SearchValues.Create(LowerCase);

    /// <summary>The folder of a user.</summary>
    /// <param name="user">Any string, the empty one included.</param>
    /// <param name="encodeUpperCase">Whether upper-case letters are encoded too: on file systems that ignore case.</param>
    /// <returns>At most 255 bytes of <c>A-Z a-z 0-9 . _ @ - %</c>.</returns>
    public static string Encode(string user, bool encodeUpperCase)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.Length == 0)
            return OfEmptyName;
        var plain = encodeUpperCase ? PlainLowerCase : Plain;
        var isDevice = IsDeviceName(user);
        if (!isDevice && user[0] != '.' && user[^1] != '.' && user.Length <= MostBytes && !user.AsSpan().ContainsAnyExcept(plain))
            return user;

        var utf8 = Encoding.UTF8.GetBytes(user);
        var folder = new StringBuilder();
        for (var i = 0; i < utf8.Length && folder.Length <= MostBytes; i++)
        {
            var c = (char)utf8[i];
            var isEdgeDot = c == '.' && (i == 0 || i == utf8.Length - 1);
            if (isEdgeDot || (isDevice && i == 0) || !plain.Contains(c))
                folder.Append(CultureInfo.InvariantCulture, $"%{utf8[i]:X2}");
            else
                folder.Append(c);
        }

        return folder.Length <= MostBytes ? folder.ToString() : WithDigest(folder, utf8);
    }

    /// <summary>The user of a folder.</summary>
    /// <param name="folder">A folder's name.</param>
    /// <returns>
    /// The name; <c>null</c> for a folder that <see cref="Encode"/> does not make, or that holds only the digest of a name too long for it.
    /// </returns>
    public static string? Decode(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder == OfEmptyName)
            return "";
        var utf8 = new byte[folder.Length];
        var length = 0;
        for (var i = 0; i < folder.Length; i++, length++)
        {
            if (folder[i] != '%')
                utf8[length] = folder[i] < 0x80 ? (byte)folder[i] : (byte)0;
            else if (TryUnescape(folder.AsSpan(i), out utf8[length]))
                i += 2;
            else
                return null;
        }

        // One spelling each: what does not encode back to the folder was not made from a name.
        var user = Encoding.UTF8.GetString(utf8, 0, length);
        return user.Length > 0 && (Encode(user, encodeUpperCase: false) == folder || Encode(user, encodeUpperCase: true) == folder) ? user : null;
    }

    private static bool TryUnescape(ReadOnlySpan<char> escape, out byte value)
    {
        value = 0;
        return escape.Length >= 3 && byte.TryParse(escape[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static string WithDigest(StringBuilder folder, byte[] utf8)
    {
        folder.Length = BytesBeforeDigest;
        if (folder[^1] == '%')
            folder.Length -= 1;
        else if (folder[^2] == '%')
            folder.Length -= 2;
        return folder.Append(DigestMark).Append(Convert.ToHexStringLower(SHA256.HashData(utf8).AsSpan(0, DigestBytes))).ToString();
    }

    // Windows takes CON, con and con.txt for the console, in every folder.
    private static bool IsDeviceName(ReadOnlySpan<char> user)
    {
        var dot = user.IndexOf('.');
        var stem = dot < 0 ? user : user[..dot];
        return stem.Length switch
        {
            3 => Is(stem, "CON") || Is(stem, "PRN") || Is(stem, "AUX") || Is(stem, "NUL"),
            4 => (Is(stem[..3], "COM") || Is(stem[..3], "LPT")) && stem[3] is >= '1' and <= '9',
            _ => false,
        };
    }

    private static bool Is(ReadOnlySpan<char> text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);
}
