using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>A home of a test's own, and the built proxy in front of servers.</summary>
internal sealed class ProxyHome : TestHome
{
    /// <summary>The C# server that these tests bring along.</summary>
    public static string TestServer { get; } = BuiltProgram.PathOf("ToolTrail.Mcp.TestServer");

    /// <summary>An empty folder beside it.</summary>
    public string Folder
    {
        get
        {
            var path = Beside("data");
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            return Directory.CreateDirectory(path).FullName;
        }
    }

    /// <summary>The command line of a proxy in front of a server.</summary>
    public string[] Proxy(params string[] server) => ["proxy", "--home", Path, "--user", "ada", "--", .. server];

    /// <summary>Starts a proxy.</summary>
    public ToolProcess Start(params string[] server) => ToolProcess.Start(Proxy(server));

    /// <summary>Runs a proxy to its end.</summary>
    public Task<ToolRun> RunAsync(string? input, params string[] server) => ToolProcess.RunAsync(Proxy(server), input);
}
