using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>The small program for hooks, wherever it lies: settings name it, and the tool hands its hooks over to it. A script takes its place.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HookProgramTests : IDisposable
{
    private const string Call = """{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Bash","tool_input":{"command":"ls"},"tool_use_id":"t"}""";

    private readonly CliHome _home = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task InTheSearchPath_IsNamedInSettings_AndGetsWhatTheToolIsTold()
    {
        var program = Install(_folder.At("bin"));
        var connect = await RunAsync(ToolProcess.Path, "connect", "claude-code", "--dry-run");
        Assert.Contains($"PreToolUse starts '{program} claude-code --home {_home.Path}'", connect.Output, StringComparison.Ordinal);
        await AssertHandsOverAsync(ToolProcess.Path);
    }

    [Fact]
    public async Task BesideTheTool_IsNamedInSettings_AndGetsWhatTheToolIsTold()
    {
        var tool = CopyTool();
        var program = Install(_folder.At("tool"));
        var connect = await RunAsync(tool, "connect", "claude-code", "--dry-run");
        Assert.Contains($"PreToolUse starts '{program} claude-code --home {_home.Path}'", connect.Output, StringComparison.Ordinal);
        await AssertHandsOverAsync(tool);
    }

    [Fact]
    public async Task InTheToolsPackage_GetsWhatTheToolIsTold_AndIsNotNamedInSettings()
    {
        var tool = CopyTool();
        Install(_folder.At(Path.Combine("tool", "runtimes", RuntimeInformation.RuntimeIdentifier, "native")));
        var connect = await RunAsync(tool, "connect", "claude-code", "--dry-run");
        Assert.Contains($"PreToolUse starts '{tool} hook claude-code --home {_home.Path}'", connect.Output, StringComparison.Ordinal);
        await AssertHandsOverAsync(tool);
    }

    [Fact]
    public async Task OfAnotherSystem_TheToolRecordsTheCallItself()
    {
        File.WriteAllText(Install(_folder.At("bin")), "\u007fELF of a processor that nobody has");
        var hook = await RunAsync(ToolProcess.Path, "hook", "claude-code");
        Assert.Equal((0, "", ""), (hook.ExitCode, hook.Output, hook.Errors));
        Assert.Single((await _home.RunAsync("recent", "--json")).Lines);
    }

    private async Task AssertHandsOverAsync(string tool)
    {
        var hook = await RunAsync(tool, "hook", "claude-code", "--user", "ada", "--home", _home.Path);
        Assert.Equal((7, $"claude-code --home {_home.Path} --user ada\n{Call}", "told\n"), (hook.ExitCode, hook.Output, hook.Errors));
    }

    private static string Install(string folder)
    {
        var program = Path.Combine(Directory.CreateDirectory(folder).FullName, "tooltrail-hook");
        File.WriteAllText(program, "#!/bin/sh\necho \"$@\"\ncat\necho told >&2\nexit 7\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program;
    }

    private string CopyTool()
    {
        var from = Path.GetDirectoryName(ToolProcess.Path)!;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = _folder.At(Path.Combine("tool", Path.GetRelativePath(from, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return _folder.At(Path.Combine("tool", "tooltrail"));
    }

    private async Task<ToolRun> RunAsync(string tool, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = _home.Folder,
            ["TOOLTRAIL_HOME"] = _home.Path,
            ["PATH"] = $"{_folder.At("bin")}:/usr/bin:/bin",
            ["DOTNET_ROOT"] = LocalFeed.DotNetRoot,
        };
        await using var process = ToolProcess.StartProgram(tool, arguments, _home.Folder, environment);
        return await process.FinishAsync(Call);
    }
}
