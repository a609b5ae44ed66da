using ToolTrail.Home;
using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;

namespace ToolTrail.Server.Tests.Processes;

/// <summary><c>tooltrail keys</c>, as processes.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string HomePath => _folder.At("home");

    private TrailHome Home => TrailHome.OpenForReading(HomePath);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_PrintsTheKey_AloneOnStandardOutput()
    {
        var add = await RunAsync(0, "add", "--role", "user", "--user", "alice", "--user", "bob", "--name", "agents", "--expires", "90d");

        Assert.Matches("^tt_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$", add.Output);
        Assert.Empty(add.Errors);
        var key = Assert.Single(ApiKeyAdministration.List(Home));
        Assert.Equal(("agents", Role.User, "alice,bob"), (key.Name, key.Role, string.Join(',', key.Users)));
        Assert.Equal(90, (key.Expires!.Value - key.Created).TotalDays, 1);
        Assert.EndsWith("(command line)", key.CreatedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_BySeveralProcessesAtOnce_LosesNoKey()
    {
        var running = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunAsync(0, "add", "--role", "auditor")));

        Assert.Equal(
            running.Select(add => add.Output.Split('_')[1]).Order(StringComparer.Ordinal),
            ApiKeyAdministration.List(Home).Select(key => key.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_ShowsWhatEachKeyIs_AndNoSecret()
    {
        var add = await RunAsync(0, "add", "--role", "producer", "--user", "*", "--name", "ci");
        var list = await RunAsync(0, "list");

        Assert.Contains(add.Output.Split('_')[1], list.Output, StringComparison.Ordinal);
        Assert.Contains("producer", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(add.Output.Trim().Split('_', 3)[2], list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiKeyAdministration.List(Home).Single().Hash, list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_EndsAKey_ByItsName()
    {
        var add = await RunAsync(0, "add", "--role", "auditor", "--name", "ci");
        var revoke = await RunAsync(0, "revoke", "ci");

        Assert.NotNull(ApiKeyAdministration.List(Home).Single().Revoked);
        var list = await RunAsync(0, "list");
        Assert.Contains("revoked", list.Output, StringComparison.Ordinal);
        var unknown = await RunAsync(2, "revoke", "nobody");
        Assert.Contains("keys list", unknown.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("role", "--role", "king")]
    [InlineData("at least one", "--role", "user")]
    [InlineData("expiry", "--role", "auditor", "--expires", "soon")]
    [InlineData("expired", "--role", "auditor", "--expires", "2001-01-01")]
    public async Task Add_AskedWrongly_SaysWhatWouldBeRight_AndPrintsNoKey(string says, params string[] options)
    {
        var add = await RunAsync(2, ["add", .. options]);

        Assert.Empty(add.Output);
        Assert.Contains(says, add.Errors, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<ToolRun> RunAsync(int exitCode, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(["keys", .. arguments, "--home", HomePath]);
        Assert.True(run.ExitCode == exitCode, $"{run.Output}\n{run.Errors}");
        return run;
    }
}
