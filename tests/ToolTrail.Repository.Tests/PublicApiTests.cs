using System.Reflection;
using PublicApiGenerator;
using ToolTrail.Extensions.AI;
using ToolTrail.Home;
using ToolTrail.Hooks;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Server;
using ToolTrail.Testing;

namespace ToolTrail.Repository.Tests;

/// <summary>The libraries' public API, as approved: a change of it is a decision, and a line in the changelog.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<Assembly> Libraries() =>
        [typeof(TrailHome).Assembly, typeof(McpProxy).Assembly, typeof(TrailServer).Assembly, typeof(RecordingChatClient).Assembly, typeof(ModelContextProtocol.ToolTrailExtensions).Assembly, typeof(HookCapture).Assembly];

    [Theory]
    [MemberData(nameof(Libraries), DisableDiscoveryEnumeration = true)]
    public void PublicApi_IsAsApproved(Assembly library)
    {
        var api = library.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        Approved.Verify(library.GetName().Name!, api.ReplaceLineEndings("\n").TrimEnd() + "\n");
    }
}
