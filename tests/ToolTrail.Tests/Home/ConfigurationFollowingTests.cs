using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Home;

public sealed class ConfigurationFollowingTests : IDisposable
{
    private const string Durable = """{"delivery":{"mode":"durable"}}""";
    private const string Bad = "{\n\"delivery\":{\"mode\":\"fast\"}}";

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private readonly TrailHome _home;

    public ConfigurationFollowingTests() => _home = TrailHome.Open(_folder.Path);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void File_Written_IsUsedWithinTwoSeconds()
    {
        using var configuration = Load();
        var before = configuration.Current;
        Write(Durable);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Assert.Equal(DeliveryMode.Background, before.Delivery.Mode);
        Assert.Contains(configuration.Values(), value => value.Path == "delivery.mode" && value.Source == TrailConfiguration.FileOf(_home));
    }

    [Fact]
    public void File_ChangedAgainAndAgain_IsFollowed()
    {
        using var configuration = Load();
        foreach (var depth in Enumerable.Range(1, 9))
        {
            // The same length, and perhaps the same time stamp: the content tells.
            Write($$"""{"limits": {"depth": {{depth}} } }""");
            Pass(TimeSpan.FromSeconds(2));
            Assert.Equal(depth, configuration.Current.Limits.Depth);
        }
    }

    [Fact]
    public void File_Bad_IsRefusedWithLineAndReasonWhileTheOldValuesStay()
    {
        Write(Durable);
        using var configuration = Load();
        Write(Bad);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Assert.Contains("line 2: delivery.mode must be one of", configuration.Problem, StringComparison.Ordinal);

        Pass(TimeSpan.FromMinutes(1));
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains(configuration.Problem!, StringComparison.Ordinal));

        Write(Durable);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Null(configuration.Problem);
    }

    [Fact]
    public void File_Deleted_IsTheDefaultsAgain()
    {
        Write(Durable);
        using var configuration = Load();
        File.Delete(TrailConfiguration.FileOf(_home));
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.Background, configuration.Current.Delivery.Mode);
        Assert.Null(configuration.Problem);
    }

    [Fact]
    public void File_MidwayOfAnEdit_IsNotTaken()
    {
        Write(Durable);
        using var configuration = Load();

        // An editor that deletes and then writes: gone at one look, whole at the next.
        File.Delete(TrailConfiguration.FileOf(_home));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Write(Durable);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void File_NoLongerReadable_IsAProblemWhileTheOldValuesStay()
    {
        Write(Durable);
        using var configuration = Load();
        File.Delete(TrailConfiguration.FileOf(_home));
        Directory.CreateDirectory(TrailConfiguration.FileOf(_home));
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Assert.Contains("cannot be read", configuration.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_StaysOverAChangedFile()
    {
        using var configuration = TrailConfiguration.Load(_home, new Dictionary<string, string> { ["delivery.mode"] = "writeAhead" }, _time);
        Write(Durable);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.WriteAhead, configuration.Current.Delivery.Mode);
    }

    [Fact]
    public void Dispose_EndsTheFollowingAndKeepsTheValues()
    {
        var configuration = Load();
        configuration.Dispose();
        Write(Durable);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(DeliveryMode.Background, configuration.Current.Delivery.Mode);
    }

    private TrailConfiguration Load() => TrailConfiguration.Load(_home, timeProvider: _time, loggerFactory: _log);

    // Step by step: what a timer starts anew within one step is not run in it.
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(50))
            _time.Advance(TimeSpan.FromMilliseconds(50));
    }

    private void Write(string json) => File.WriteAllText(TrailConfiguration.FileOf(_home), json);
}
