using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Home;

[Collection(EnvironmentTests.Name)]
public sealed class ConfigurationVariableTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TrailHome _home;

    public ConfigurationVariableTests() => _home = TrailHome.Open(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Variable_GoesBeforeTheFileAndBehindTheOption()
    {
        File.WriteAllText(TrailConfiguration.FileOf(_home), """{"delivery":{"mode":"durable","onFailure":"refuse"},"limits":{"depth":3}}""");
        using var mode = new EnvironmentVariable("TOOLTRAIL__DELIVERY__MODE", "writeAhead");
        using var depth = new EnvironmentVariable("TOOLTRAIL__LIMITS__DEPTH", "4");
        using var policy = new EnvironmentVariable("TOOLTRAIL__POLICY", """[{"name":"none","effect":"deny"}]""");
        using var empty = new EnvironmentVariable("TOOLTRAIL__SERVER__URLS", "");
        using var configuration = TrailConfiguration.Load(_home, new Dictionary<string, string> { ["limits.depth"] = "5" });

        var settings = configuration.Current;
        Assert.Equal((DeliveryMode.WriteAhead, FailurePolicy.Refuse, 5), (settings.Delivery.Mode, settings.Delivery.OnFailure, settings.Limits.Depth));
        Assert.Equal([new PolicyRule { Name = "none", Effect = PolicyEffect.Deny }], settings.Policy);
        Assert.Equal(
            [
                ("delivery.mode", "TOOLTRAIL__DELIVERY__MODE"), ("delivery.onFailure", TrailConfiguration.FileOf(_home)), ("policy", "TOOLTRAIL__POLICY"),
                ("limits.depth", "option"),
            ],
            configuration.Values().Where(value => value.Source != "default").Select(value => (value.Path, value.Source)));
    }

    [Theory]
    [InlineData("TOOLTRAIL__DELIVERY__MOD", "durable", "TOOLTRAIL__DELIVERY__MODE")]
    [InlineData("TOOLTRAIL__DELIVERY__MODE", "fast", "one of background, durable, writeAhead")]
    [InlineData("TOOLTRAIL__LIMITS__DEPTH", "x", "not JSON")]
    [InlineData("TOOLTRAIL__POLICY", "[{}]", "policy[0] lacks")]
    public void Load_WrongVariable_IsNamedWithWhatWouldBeRight(string name, string value, string expected)
    {
        using var variable = new EnvironmentVariable(name, value);
        var message = Assert.Throws<TrailConfigurationException>(() => TrailConfiguration.Load(_home)).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_All_HaveAVariableThatSetsThem()
    {
        foreach (var key in ConfigurationKeys.All.Where(key => key.Default != "null" && !key.Path.StartsWith("server.jwt", StringComparison.Ordinal)))
        {
            using var variable = new EnvironmentVariable(key.Variable, key.Default.Trim('"'));
            using var configuration = TrailConfiguration.Load(_home);
            Assert.Contains(new ConfigurationValue(key.Path, key.Default, key.Variable), configuration.Values());
        }
    }
}
