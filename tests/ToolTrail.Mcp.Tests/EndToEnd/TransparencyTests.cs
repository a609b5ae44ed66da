using System.Runtime.Versioning;
using System.Text;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>The server and the client see each other as if no proxy stood between them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TransparencyTests
{
    [Fact]
    public async Task Bytes_OfAnyKind_PassBothWaysUnchanged()
    {
        using var home = new ProxyHome();
        var random = new Random(7);
        var noise = new byte[300_000];
        random.NextBytes(noise);
        byte[] input =
        [
            0xEF, 0xBB, 0xBF, .. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}\r\n"u8, .. "not json\n\n\r\n"u8,
            .. Encoding.UTF8.GetBytes($"{{\"id\":2,\"method\":\"other\",\"params\":\"{new string('y', 2_000_000)}\"}}\n"), 0, (byte)'\n', .. noise,
            .. "[{\"id\":3}, {\"method\":\"ping\"}]\n{\"a\":1}{\"b\":2}\n"u8, .. "no line end"u8,
        ];

        await using var proxy = home.Start("cat");
        using var output = new MemoryStream();
        var reading = proxy.Output.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await proxy.Input.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        proxy.Input.Close();
        await reading;

        Assert.True(input.AsSpan().SequenceEqual(output.ToArray()), "The bytes changed on their way.");
        Assert.Equal(0, await proxy.WaitForExitAsync());
        Assert.Equal(["x cancelled"], home.Outcomes());
    }

    [Fact]
    public async Task Message_WithoutLineEnd_IsLookedAtToo()
    {
        using var home = new ProxyHome();
        home.Configure("""{"policy":[{"name":"nothing","effect":"deny"}]}""");
        var run = await home.RunAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}""", "cat");
        Assert.Contains("\"isError\":true", Assert.Single(run.Lines), StringComparison.Ordinal);
        Assert.Equal(["x denied"], home.Outcomes());
    }

    [Fact]
    public async Task Server_Gets_ArgumentsEnvironmentAndFolder()
    {
        using var home = new ProxyHome();
        string[] server = ["sh", "-c", "pwd; printf '%s|' \"$@\"; echo; env | sort", "sh", "a b", "", "--user", "--", "$HOME", "ü"];
        var environment = new Dictionary<string, string?> { ["GIVEN"] = "as it is = here" };
        var folder = home.Folder;
        await using var direct = ToolProcess.StartProgram(server[0], server[1..], folder, environment);
        await using var proxied = ToolProcess.Start(home.Proxy(server), folder, environment);
        Assert.Equal((await direct.FinishAsync()).Output, (await proxied.FinishAsync()).Output);
    }

    [Fact]
    public async Task Output_IntoAFile_IsFollowedByWhatOthersWrite()
    {
        using var home = new ProxyHome();
        await using var shell = ToolProcess.StartProgram(
            "sh", ["-c", "(echo one; \"$@\"; echo three) > out; cat out", "sh", ToolProcess.Path, .. home.Proxy("echo", "two")], home.Folder);
        Assert.Equal("one\ntwo\nthree\n", (await shell.FinishAsync()).Output);
    }

    [Fact]
    public async Task Pipes_LeftNonBlocking_AreWaitedFor()
    {
        // A program that looks at its standard input leaves the pipe non-blocking, for the programs that it starts too.
        const string Script = """
            process.stdin.pause();
            require("child_process").spawn(process.argv[1], process.argv.slice(2), { stdio: "inherit" }).on("exit", (code) => process.exit(code));
            """;
        using var home = new ProxyHome();
        await using var wrapper = ToolProcess.StartProgram("node", ["-e", Script, ToolProcess.Path, .. home.Proxy("sh", "-c", "echo ready; cat")]);
        Assert.Equal("ready", await wrapper.ReadLineAsync());
        Assert.Equal("hello\n", (await wrapper.FinishAsync("hello\n")).Output);
    }

    [Fact]
    public async Task Reader_ThatIsGone_IsSeenByTheServer()
    {
        using var home = new ProxyHome();
        await using var shell = ToolProcess.StartProgram(
            "sh", ["-c", "\"$@\" | head -n 1", "sh", ToolProcess.Path, .. home.Proxy("yes")]);
        var run = await shell.FinishAsync();
        Assert.Equal((0, "y\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Errors_OfTheServer_AreOurs()
    {
        using var home = new ProxyHome();
        var run = await home.RunAsync(null, "sh", "-c", "echo trouble >&2; echo fine");
        Assert.Equal((0, "fine\n", "trouble\n"), (run.ExitCode, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public async Task ExitCode_IsTheServers(string script, int exitCode)
    {
        using var home = new ProxyHome();
        Assert.Equal(exitCode, (await home.RunAsync(null, "sh", "-c", script)).ExitCode);
    }

    [Fact]
    public async Task Server_ThatEndsFirst_EndsTheProxy()
    {
        using var home = new ProxyHome();
        await using var proxy = home.Start("sh", "-c", "echo bye; exit 3");
        Assert.Equal("bye", await proxy.ReadLineAsync());
        Assert.Null(await proxy.ReadLineAsync());
        Assert.Equal(3, await proxy.WaitForExitAsync());
    }

    [Fact]
    public async Task Command_NotThere_IsSaidAnd127()
    {
        using var home = new ProxyHome();
        foreach (var command in new[] { "no-such-command", Path.Combine(home.Folder, "no-such-file") })
        {
            var run = await home.RunAsync(null, command);
            Assert.Equal((127, ""), (run.ExitCode, run.Output));
            Assert.Contains(command, run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Command_NotExecutable_IsSaidAnd126()
    {
        using var home = new ProxyHome();
        var path = Path.Combine(home.Folder, "text");
        File.WriteAllText(path, "hello");
        var run = await home.RunAsync(null, path);
        Assert.Equal((126, ""), (run.ExitCode, run.Output));
        Assert.Contains(path, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_IsSearchedInThePath_NotInTheCurrentFolder()
    {
        using var home = new ProxyHome();
        var folder = home.Folder;
        var decoy = Path.Combine(folder, "cat");
        File.WriteAllText(decoy, "#!/bin/sh\necho decoy\n");
        File.SetUnixFileMode(decoy, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var proxy = ToolProcess.Start(home.Proxy("cat"), folder);
        Assert.Equal("real\n", (await proxy.FinishAsync("real\n")).Output);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Signal_IsPassedOn_AndTheServerDecides(string signal)
    {
        using var home = new ProxyHome();
        await using var proxy = home.Start("sh", "-c", $"trap 'echo got {signal}; exit 5' {signal}; echo ready; while :; do sleep 0.02; done");
        Assert.Equal("ready", await proxy.ReadLineAsync());
        proxy.Signal(signal);
        Assert.Equal($"got {signal}", await proxy.ReadLineAsync());
        Assert.Equal(5, await proxy.WaitForExitAsync());
    }

    [Fact]
    public async Task Server_ThatTakesItsTimeAfterASignal_IsWaitedFor()
    {
        using var home = new ProxyHome();
        await using var proxy = home.Start("sh", "-c", "trap 'sleep 3; echo done; exit 0' TERM; echo ready; while :; do sleep 0.02; done");
        Assert.Equal("ready", await proxy.ReadLineAsync());
        proxy.Signal("TERM");
        Assert.Equal("done", await proxy.ReadLineAsync());
        Assert.Equal(0, await proxy.WaitForExitAsync());
    }

    [Fact]
    public async Task WhatAServerStarted_SeesTheEndOfItsInput_OnceASignalEndedTheServer()
    {
        using var home = new ProxyHome();
        await using var proxy = home.Start("sh", "-c", "echo ready; cat | cat");
        Assert.Equal("ready", await proxy.ReadLineAsync());
        proxy.Signal("TERM");
        Assert.Equal(143, await proxy.WaitForExitAsync());
        // Nothing was waited for in vain.
        Assert.Equal("", (await proxy.FinishAsync()).Errors);
    }

    [Fact]
    public async Task Server_ThatIgnoresASignal_GoesOn()
    {
        using var home = new ProxyHome();
        await using var proxy = home.Start("sh", "-c", "trap '' TERM; echo ready; cat");
        Assert.Equal("ready", await proxy.ReadLineAsync());
        proxy.Signal("TERM");
        Assert.Equal("still here\n", (await proxy.FinishAsync("still here\n")).Output);
    }
}
