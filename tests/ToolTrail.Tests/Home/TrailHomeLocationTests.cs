using ToolTrail.Home;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Home;

[Collection(EnvironmentTests.Name)]
public sealed class TrailHomeLocationTests
{
    private const string Variable = "TOOLTRAIL_HOME";

    [Fact]
    public void Locate_Option_GoesBeforeTheVariable()
    {
        using var variable = new EnvironmentVariable(Variable, Path.GetFullPath("variable"));
        Assert.Equal(Path.GetFullPath("option"), TrailHome.Locate("option"));
        Assert.Equal(Path.GetFullPath("option"), TrailHome.Locate(Path.GetFullPath("option")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Locate_NoOption_TakesTheVariable(string? option)
    {
        using var variable = new EnvironmentVariable(Variable, Path.GetFullPath("variable"));
        Assert.Equal(Path.GetFullPath("variable"), TrailHome.Locate(option));
    }

    [Fact]
    public void Locate_RelativeVariable_IsRefused()
    {
        using var variable = new EnvironmentVariable(Variable, "relative/home");
        Assert.Contains("'relative/home'", Assert.Throws<TrailHomeException>(() => TrailHome.Locate(null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Locate_NeitherOptionNorVariable_IsThePlatformsDataFolder(string? value)
    {
        using var variable = new EnvironmentVariable(Variable, value);
        using var data = new EnvironmentVariable("XDG_DATA_HOME", null);
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(Path.Combine(PlatformData(Path.Combine(user, ".local", "share")), "tooltrail"), TrailHome.Locate(null));
    }

    [Fact]
    public void Locate_DataFolderOfTheDesktop_IsFollowedOnLinux()
    {
        using var variable = new EnvironmentVariable(Variable, null);
        using var data = new EnvironmentVariable("XDG_DATA_HOME", Path.GetFullPath("data"));
        Assert.Equal(Path.Combine(PlatformData(Path.GetFullPath("data")), "tooltrail"), TrailHome.Locate(null));
    }

    private static string PlatformData(string linux)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsWindows() ? Path.Combine(user, "AppData", "Local")
            : OperatingSystem.IsMacOS() ? Path.Combine(user, "Library", "Application Support")
            : linux;
    }
}
