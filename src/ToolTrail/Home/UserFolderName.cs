namespace ToolTrail.Home;

/// <summary>
/// Turns user names into folder names and back. No name leaves the home, none is refused, two users never share a folder.
/// </summary>
public static class UserFolderName
{
    /// <summary>The folder of a user.</summary>
    /// <param name="user">Any string, the empty one included.</param>
    /// <param name="encodeUpperCase">Whether upper-case letters are encoded too: on file systems that ignore case.</param>
    /// <returns>At most 255 bytes of <c>A-Z a-z 0-9 . _ @ - %</c>.</returns>
    public static string Encode(string user, bool encodeUpperCase) => throw new NotImplementedException();

    /// <summary>The user of a folder.</summary>
    /// <param name="folder">A folder's name.</param>
    /// <returns>The name; <c>null</c> for a folder that <see cref="Encode"/> does not make, or that holds only the digest of a name too long for it.</returns>
    public static string? Decode(string folder) => throw new NotImplementedException();
}
