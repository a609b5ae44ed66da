namespace ToolTrail.Home;

/// <summary>
/// The folder where a trail lives, the same for every process of a user: <c>{user}/tool_audit/</c> holds the day files,
/// <c>.tooltrail/</c> what is the installation's own.
/// </summary>
/// <remarks>Safe for use by several threads.</remarks>
public sealed class TrailHome
{
    private TrailHome()
    {
    }

    /// <summary>Absolute path of the home.</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>Absolute path of <c>.tooltrail</c>.</summary>
    public string SystemPath => throw new NotImplementedException();

    /// <summary>The installation's name: no space, no <c>+</c>; made once.</summary>
    public string Installation => throw new NotImplementedException();

    /// <summary>The zone whose calendar days name the day files; UTC unless the home was made otherwise.</summary>
    public TimeZoneInfo TimeZone => throw new NotImplementedException();

    /// <summary>Where the home is: <paramref name="option"/>, else <c>TOOLTRAIL_HOME</c>, else the platform's per-user data folder.</summary>
    /// <param name="option">The <c>--home</c> option, or <c>null</c>. Relative paths are taken from the current folder.</param>
    /// <returns>An absolute path; nothing is created.</returns>
    /// <exception cref="TrailHomeException">There is no home folder to derive a default from.</exception>
    public static string Locate(string? option) => throw new NotImplementedException();

    /// <summary>Opens the home at a path and makes it if it is not there (folders 0700, files 0600, all synced).</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="timeZone">The zone of a home that has yet to be made; ignored for one that is there. <c>null</c>: UTC.</param>
    /// <exception cref="TrailHomeException">The format is newer than this build knows, or the folder cannot be used.</exception>
    public static TrailHome Open(string path, TimeZoneInfo? timeZone = null) => throw new NotImplementedException();

    /// <summary>Opens a home that is there, for reading; makes nothing.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The home, also when no trail was ever written at that path.</returns>
    /// <exception cref="TrailHomeException">The format is newer than this build knows, or the folder cannot be read.</exception>
    public static TrailHome OpenForReading(string path) => throw new NotImplementedException();

    /// <summary>The folder name of a user.</summary>
    public string UserFolder(string user) => throw new NotImplementedException();

    /// <summary>Absolute path of a user folder's <c>tool_audit</c>.</summary>
    /// <param name="userFolder">A folder name, as <see cref="UserFolder"/> gives it.</param>
    public string AuditPath(string userFolder) => throw new NotImplementedException();

    /// <summary>The user folders there are, in ordinal order.</summary>
    public IEnumerable<string> UserFolders() => throw new NotImplementedException();

    /// <summary>The day file's date of a time.</summary>
    public DateOnly DayOf(DateTimeOffset timestamp) => throw new NotImplementedException();

    /// <summary>The installation's key for digests, 32 bytes, made at first use (two first starts agree on one), 0600.</summary>
    public ReadOnlyMemory<byte> DigestKey() => throw new NotImplementedException();
}
