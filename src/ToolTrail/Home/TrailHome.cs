using System.Security.Cryptography;
using ToolTrail.Storage;

namespace ToolTrail.Home;

/// <summary>
/// The folder where a trail lives, the same for every process of a user: <c>{user}/tool_audit/</c> holds the day files,
/// <c>.tooltrail/</c> what is the installation's own.
/// </summary>
/// <remarks>Safe for use by several threads.</remarks>
public sealed class TrailHome
{
    private const string SystemFolder = ".tooltrail";
    private const string AuditFolder = "tool_audit";
    private const string LocationVariable = "TOOLTRAIL_HOME";
    private const int DigestKeyBytes = 32;

    private HomeFormat? _format;

    private TrailHome(string path)
    {
        if (!System.IO.Path.IsPathFullyQualified(path))
            throw new ArgumentException($"A home's path is absolute, and '{path}' is not.", nameof(path));
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        SystemPath = System.IO.Path.Combine(Path, SystemFolder);
    }

    /// <summary>Absolute path of the home.</summary>
    public string Path { get; }

    /// <summary>Absolute path of <c>.tooltrail</c>.</summary>
    public string SystemPath { get; }

    /// <summary>The installation's name: no space, no <c>+</c>; made once. Empty while nobody has made the home.</summary>
    public string Installation => Format.Installation;

    /// <summary>The zone whose calendar days name the day files; UTC unless the home was made otherwise.</summary>
    public TimeZoneInfo TimeZone => Format.TimeZone;

    private string FormatPath => System.IO.Path.Combine(SystemPath, "format");

    private string DigestKeyPath => System.IO.Path.Combine(SystemPath, "digest.key");

    // Looked for again while it is not there: another process may make the home that this one reads.
    private HomeFormat Format
    {
        get
        {
            if (_format is null && File.Exists(FormatPath))
                _format = HomeFormat.Parse(FormatPath, File.ReadAllBytes(FormatPath));
            return _format ?? HomeFormat.None;
        }
    }

    /// <summary>Where the home is: <paramref name="option"/>, else <c>TOOLTRAIL_HOME</c>, else the platform's per-user data folder.</summary>
    /// <param name="option">The <c>--home</c> option, or <c>null</c>. Relative paths are taken from the current folder.</param>
    /// <returns>An absolute path; nothing is created.</returns>
    /// <exception cref="TrailHomeException">There is no home folder to derive a default from, or <c>TOOLTRAIL_HOME</c> is not absolute.</exception>
    public static string Locate(string? option)
    {
        if (!string.IsNullOrEmpty(option))
            return System.IO.Path.GetFullPath(option);

        if (Environment.GetEnvironmentVariable(LocationVariable) is { Length: > 0 } variable)
        {
            // Every process must find the same home, wherever it was started.
            return System.IO.Path.IsPathFullyQualified(variable)
                ? System.IO.Path.GetFullPath(variable)
                : throw new TrailHomeException(
                    $"{LocationVariable} is '{variable}', which is not an absolute path: it would name another home in every folder.");
        }

        // $XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support, %LocalAppData%.
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? System.IO.Path.Combine(data, "tooltrail")
            : throw new TrailHomeException($"This user has no folder for data to keep the trail in. Say where by --home or {LocationVariable}.");
    }

    /// <summary>Opens the home at a path and makes it if it is not there (folders 0700, files 0600, all synced).</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="timeZone">The zone of a home that has yet to be made; ignored for one that is there. <c>null</c>: what <c>home.timeZone</c> says, else UTC.</param>
    /// <exception cref="TrailConfigurationException">The configuration that it is to be made with is wrong.</exception>
    /// <exception cref="TrailHomeException">The format is newer than this build knows, or the folder cannot be used.</exception>
    public static TrailHome Open(string path, TimeZoneInfo? timeZone = null)
    {
        var home = new TrailHome(path);
        home.Use(() =>
        {
            foreach (var changed in SyncedFolder.Create(home.SystemPath))
                SyncedFolder.Sync(changed);

            // Users' folders will stand beside it, so it tells how the file system takes their names.
            var ignoresCase = Directory.Exists(System.IO.Path.Combine(home.Path, SystemFolder.ToUpperInvariant()));
            home._format = HomeFormat.Parse(home.FormatPath, DurableFile.ReadOrCreate(home.FormatPath, () => home.NewFormat(timeZone, ignoresCase).ToBytes()));
        });
        return home;
    }

    /// <summary>Opens a home that is there, for reading; makes nothing.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The home, also when no trail was ever written at that path: it holds no users until another process makes it.</returns>
    /// <exception cref="TrailHomeException">The format is newer than this build knows, or the folder cannot be read.</exception>
    public static TrailHome OpenForReading(string path)
    {
        var home = new TrailHome(path);
        home.Use(() =>
        {
            if (File.Exists(home.Path))
                throw new IOException("it is a file.");
            _ = home.Format;
            _ = home.UserFolders().FirstOrDefault();
        });
        return home;
    }

    /// <summary>The folder name of a user.</summary>
    public string UserFolder(string user) => UserFolderName.Encode(user, Format.IgnoresCase);

    /// <summary>Absolute path of a user folder's <c>tool_audit</c>.</summary>
    /// <param name="userFolder">A folder name, as <see cref="UserFolder"/> gives it.</param>
    public string AuditPath(string userFolder) => System.IO.Path.Combine(Path, userFolder, AuditFolder);

    /// <summary>The user folders there are, in ordinal order.</summary>
    public IEnumerable<string> UserFolders()
    {
        if (!Directory.Exists(Path))
            return [];
        return Directory.EnumerateDirectories(Path)
            .Select(path => System.IO.Path.GetFileName(path))
            .Where(name => name != SystemFolder && Directory.Exists(AuditPath(name)))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The day file's date of a time.</summary>
    public DateOnly DayOf(DateTimeOffset timestamp)
    {
        var zone = TimeZone;
        return DateOnly.FromDateTime(zone == TimeZoneInfo.Utc ? timestamp.UtcDateTime : TimeZoneInfo.ConvertTime(timestamp, zone).DateTime);
    }

    /// <summary>The installation's key for digests, 32 bytes, made at first use (two first starts agree on one), 0600.</summary>
    /// <exception cref="TrailHomeException">It is damaged, cannot be read, or cannot be made.</exception>
    public ReadOnlyMemory<byte> DigestKey()
    {
        var key = Use(() => DurableFile.ReadOrCreate(DigestKeyPath, () => RandomNumberGenerator.GetBytes(DigestKeyBytes)));
        return key.Length == DigestKeyBytes
            ? key
            : throw new TrailHomeException(
                $"'{DigestKeyPath}' is damaged: it holds {key.Length} bytes and not {DigestKeyBytes}. Restore it from a backup.");
    }

    private HomeFormat NewFormat(TimeZoneInfo? timeZone, bool ignoresCase)
    {
        var settings = TrailConfiguration.ReadForNewHome(this);
        var zone = settings.TimeZone is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
        return new HomeFormat(settings.Installation ?? HomeFormat.NewInstallation(), timeZone ?? zone, ignoresCase);
    }

    private void Use(Action action) => Use(() =>
    {
        action();
        return true;
    });

    private T Use<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailHomeException(
                $"The home '{Path}' cannot be used: {e.Message} Make it usable, or name another by --home or {LocationVariable}.", e);
        }
    }
}
