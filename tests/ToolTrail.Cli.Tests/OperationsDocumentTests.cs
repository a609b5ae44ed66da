using System.Text.Json;
using System.Text.RegularExpressions;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary><c>docs/operations.md</c> says what the tool says.</summary>
public sealed class OperationsDocumentTests : IDisposable
{
    private static readonly string Document = File.ReadAllText(SourceTree.PathOf("docs", "operations.md"));

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Configuration_TableHasEachKeyAndItsDefault()
    {
        using var shown = JsonDocument.Parse((await _home.RunAsync("config", "show", "--json")).Output);
        var expected = shown.RootElement.EnumerateObject().Select(key => $"{key.Name} = {key.Value.GetProperty("value").GetRawText()}");
        var documented = Regex.Matches(Document, @"^\| `(?<key>[a-z]+(\.[a-zA-Z.]+)?)` \| `(?<value>.+?)` \|", RegexOptions.Multiline)
            .Select(row => $"{row.Groups["key"].Value} = {row.Groups["value"].Value}");
        Assert.Equal(expected, documented);
    }

    [Fact]
    public async Task Configuration_ExampleIsValid()
    {
        var example = Regex.Match(Document, "```json\n(?<json>.*?)```", RegexOptions.Singleline).Groups["json"].Value;
        Directory.CreateDirectory(Path.Combine(_home.Path, ".tooltrail"));
        File.WriteAllText(Path.Combine(_home.Path, ".tooltrail", "config.json"), example);
        var run = await _home.RunAsync("config", "validate");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task ExitCodes_AreThoseOfHelp()
    {
        var help = (await ToolProcess.RunAsync(["--help"])).Output;
        var shown = Regex.Matches(help[help.IndexOf("Exit codes:", StringComparison.Ordinal)..], @"^  (?<code>\d+) +(?<meaning>.+)$", RegexOptions.Multiline);
        var documented = Regex.Matches(Document, @"^\| (?<code>\d+) \| (?<meaning>.+) \|$", RegexOptions.Multiline);
        Assert.NotEmpty(shown);
        Assert.Equal(Rows(shown), Rows(documented));
    }

    private static IEnumerable<string> Rows(IEnumerable<Match> matches) => matches.Select(row => $"{row.Groups["code"].Value}: {row.Groups["meaning"].Value}");
}
