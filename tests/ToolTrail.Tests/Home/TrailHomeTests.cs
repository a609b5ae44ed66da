using System.Runtime.Versioning;
using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Home;

public sealed class TrailHomeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NewHome_IsMadeWithItsFormat()
    {
        var home = TrailHome.Open(_folder.At("a", "home"));
        Assert.Equal(_folder.At("a", "home"), home.Path);
        Assert.Equal(_folder.At("a", "home", ".tooltrail"), home.SystemPath);
        Assert.Matches("^[A-Za-z0-9.-]+-[0-9a-f]{6}$", home.Installation);
        Assert.Equal(TimeZoneInfo.Utc, home.TimeZone);

        using var format = JsonDocument.Parse(File.ReadAllText(_folder.At("a", "home", ".tooltrail", "format")));
        Assert.Equal(["format", "installation", "timeZone", "ignoresCase"], format.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, format.RootElement.GetProperty("format").GetInt32());
        Assert.Equal(home.Installation, format.RootElement.GetProperty("installation").GetString());
        Assert.Equal("UTC", format.RootElement.GetProperty("timeZone").GetString());
        Assert.Equal(["format"], Directory.EnumerateFileSystemEntries(home.SystemPath).Select(Path.GetFileName));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Open_NewHome_IsItsOwnersAlone()
    {
        var home = TrailHome.Open(_folder.At("home"));
        home.DigestKey();
        const UnixFileMode File600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode Folder700 = File600 | UnixFileMode.UserExecute;
        Assert.Equal(Folder700, File.GetUnixFileMode(home.Path));
        Assert.Equal(Folder700, File.GetUnixFileMode(home.SystemPath));
        Assert.All(Directory.EnumerateFiles(home.SystemPath), path => Assert.Equal(File600, File.GetUnixFileMode(path)));
    }

    [Fact]
    public void Open_AgainWithAnotherZone_KeepsWhatTheHomeHas()
    {
        var tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
        var made = TrailHome.Open(_folder.Path, tokyo);
        var again = TrailHome.Open(_folder.Path + Path.DirectorySeparatorChar);
        Assert.Equal((made.Path, made.Installation, "Asia/Tokyo"), (again.Path, again.Installation, again.TimeZone.Id));
        Assert.Equal("Asia/Tokyo", TrailHome.OpenForReading(_folder.Path).TimeZone.Id);
    }

    [Fact]
    public void Open_NewHome_IsMadeAsItsConfigurationSays_AndStaysSo()
    {
        var file = _folder.At(".tooltrail", "config.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, """{"home": {"installation": "acme.example/trail-1", "timeZone": "Europe/Berlin"}}""");
        var home = TrailHome.Open(_folder.Path);
        Assert.Equal(("acme.example/trail-1", "Europe/Berlin"), (home.Installation, home.TimeZone.Id));
        TrailConfiguration.Load(home).Dispose();

        File.WriteAllText(file, """{"home": {"installation": "acme-2"}}""");
        var refused = Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(home));
        Assert.Contains("config.json' line 1: home.installation is \"acme-2\", and this home was made with \"acme.example/trail-1\"", refused.Message, StringComparison.Ordinal);
        File.WriteAllText(file, """{"home": {"timeZone": "UTC"}}""");
        Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(home));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a/")]
    [InlineData("")]
    public void Open_NewHome_OfAnImpossibleName_IsRefused(string name)
    {
        var file = _folder.At(".tooltrail", "config.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $$$"""{"home": {"installation": "{{{name}}}"}}""");
        Assert.Throws<TrailConfigurationException>(() => TrailHome.Open(_folder.Path));
        Assert.False(File.Exists(_folder.At(".tooltrail", "format")));
    }

    [Fact]
    public async Task Open_ManyFirstStartsAtOnce_AgreeOnOneHomeAndKey()
    {
        // Often, since they have to meet between one's look and its making.
        for (var round = 0; round < 50; round++)
        {
            var path = _folder.At($"home{round}");
            using var start = new Barrier(8);
            var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    var home = TrailHome.Open(path);
                    return (home.Installation, Key: Convert.ToHexString(home.DigestKey().Span));
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Single(starts.Distinct());
            Assert.Equal(["digest.key", "format"], Directory.EnumerateFiles(Path.Combine(path, ".tooltrail")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"format":2}""", "format 2")]
    [InlineData("""{"format":2,"installation":["other"]}""", "format 2")]
    [InlineData("""{"format":1,"installation":"i","timeZone":"Mars/Olympus","ignoresCase":false}""", "Mars/Olympus")]
    [InlineData("""{"format":"1"}""", "damaged")]
    [InlineData("""{"format":1}""", "damaged")]
    [InlineData("", "damaged")]
    public void Open_FormatThatThisBuildCannotUse_IsRefusedClearly(string format, string expected)
    {
        Directory.CreateDirectory(_folder.At(".tooltrail"));
        File.WriteAllText(_folder.At(".tooltrail", "format"), format);
        Assert.Contains(expected, Assert.Throws<TrailHomeException>(() => TrailHome.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<TrailHomeException>(() => TrailHome.OpenForReading(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(format, File.ReadAllText(_folder.At(".tooltrail", "format")));
    }

    [Fact]
    public void Open_PathThatIsAFile_IsRefusedWithThePath()
    {
        var path = _folder.At("file");
        File.WriteAllText(path, "");
        Assert.Contains(path, Assert.Throws<TrailHomeException>(() => TrailHome.Open(path)).Message, StringComparison.Ordinal);
        Assert.Contains(path, Assert.Throws<TrailHomeException>(() => TrailHome.OpenForReading(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RelativePath_IsAnError() => Assert.Throws<ArgumentException>(() => TrailHome.Open("home"));

    [Fact]
    public void Open_HomeWhereCaseIsIgnored_EncodesUpperCase()
    {
        // What the probe finds on a file system that ignores case.
        Directory.CreateDirectory(_folder.At(".TOOLTRAIL"));
        Assert.Equal("%41nn", TrailHome.Open(_folder.Path).UserFolder("Ann"));
        Directory.Delete(_folder.At(".TOOLTRAIL"));
        Assert.Equal("%41nn", TrailHome.Open(_folder.Path).UserFolder("Ann"));
        Assert.Equal("%41nn", TrailHome.OpenForReading(_folder.Path).UserFolder("Ann"));
    }

    [Fact]
    public void OpenForReading_NothingThere_IsAnEmptyTrailAndMakesNothing()
    {
        var home = TrailHome.OpenForReading(_folder.At("none"));
        Assert.Empty(home.UserFolders());
        Assert.Equal(TimeZoneInfo.Utc, home.TimeZone);
        Assert.Equal("", home.Installation);
        Assert.False(Directory.Exists(home.Path));
    }

    [Fact]
    public void OpenForReading_HomeMadeLater_IsSeen()
    {
        var reader = TrailHome.OpenForReading(_folder.At("later"));
        var writer = TrailHome.Open(_folder.At("later"), TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        Assert.Equal((writer.Installation, "Asia/Tokyo"), (reader.Installation, reader.TimeZone.Id));
    }

    [Fact]
    public void OpenForReading_OlderHomeWithoutFormat_ShowsItsUsers()
    {
        Directory.CreateDirectory(_folder.At("ann", "tool_audit"));
        Assert.Equal(["ann"], TrailHome.OpenForReading(_folder.Path).UserFolders());
        Assert.False(Directory.Exists(_folder.At(".tooltrail")));
    }

    [Fact]
    public void UserFolders_Home_ListsThoseWithATrailInOrder()
    {
        var home = TrailHome.Open(_folder.Path);
        foreach (var user in new[] { "zoe", "Ann", "tooltrail", "b b" })
            Directory.CreateDirectory(home.AuditPath(home.UserFolder(user)));
        Directory.CreateDirectory(_folder.At("no-trail"));
        Directory.CreateDirectory(_folder.At(".tooltrail", "tool_audit"));
        File.WriteAllText(_folder.At("file"), "");
        Assert.Equal(["Ann", "b%20b", "tooltrail", "zoe"], home.UserFolders());
        Assert.Equal(_folder.At("b%20b", "tool_audit"), home.AuditPath("b%20b"));
    }

    [Theory]
    [InlineData(null, "2026-11-23")]
    [InlineData("Asia/Tokyo", "2026-11-24")]
    [InlineData("America/New_York", "2026-11-23")]
    public void DayOf_Time_IsTheHomesCalendarDay(string? zone, string day)
    {
        var home = TrailHome.Open(_folder.Path, zone is null ? null : TimeZoneInfo.FindSystemTimeZoneById(zone));
        var time = new DateTimeOffset(2026, 11, 24, 1, 30, 0, TimeSpan.FromHours(5));
        Assert.Equal(day, home.DayOf(time).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void DayOf_AnyTime_HasADay()
    {
        var home = TrailHome.Open(_folder.Path, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        Assert.Equal(DateOnly.MaxValue, home.DayOf(DateTimeOffset.MaxValue));
        Assert.Equal(DateOnly.MinValue, home.DayOf(DateTimeOffset.MinValue));
    }

    [Fact]
    public void DigestKey_Home_IsMadeOnceOf32RandomBytes()
    {
        var home = TrailHome.Open(_folder.At("one"));
        var key = home.DigestKey().ToArray();
        Assert.Equal(32, key.Length);
        Assert.Equal(key, TrailHome.Open(_folder.At("one")).DigestKey().ToArray());
        Assert.NotEqual(key, TrailHome.Open(_folder.At("other")).DigestKey().ToArray());
    }

    [Fact]
    public void DigestKey_Damaged_IsRefusedAndNotReplaced()
    {
        var home = TrailHome.Open(_folder.Path);
        File.WriteAllBytes(_folder.At(".tooltrail", "digest.key"), new byte[5]);
        Assert.Contains("5 bytes", Assert.Throws<TrailHomeException>(() => home.DigestKey()).Message, StringComparison.Ordinal);
        Assert.Equal(5, new FileInfo(_folder.At(".tooltrail", "digest.key")).Length);
    }
}
