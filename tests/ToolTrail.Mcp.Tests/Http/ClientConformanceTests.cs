using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>The protocol's own conformance suite, which must not see that the proxy is there: here behind a client.</summary>
public sealed class ClientConformanceTests : IDisposable
{
    private readonly ProxyHome _home = new();

    public void Dispose() => _home.Dispose();

    // All that the revisions require of clients but authorization: there a client holds the address that it connected to against the server's own.
    [Theory]
    [InlineData("2025-11-25", "initialize", 1, "")]
    [InlineData("2025-11-25", "tools_call", 2, "add_numbers ok")]
    [InlineData("2025-11-25", "elicitation-sep1034-client-defaults", 5, "test_client_elicitation_defaults ok")]
    [InlineData("2025-11-25", "sse-retry", 3, "test_reconnection ok")]
    [InlineData("2026-07-28", "tools_call", 2, "add_numbers ok")]
    [InlineData("2026-07-28", "request-metadata", 6, "")]
    [InlineData("2026-07-28", "sep-2322-client-request-state", 5, "test_mrtr_echo_state ok, test_mrtr_no_state ok, test_mrtr_unrelated ok, test_mrtr_no_result_type ok")]
    [InlineData("2026-07-28", "http-standard-headers", 3, "test_headers ok, my-hyphenated-tool ok")]
    [InlineData("2026-07-28", "http-custom-headers", 18, "test_custom_headers ok, test_custom_headers_null ok")]
    [InlineData("2026-07-28", "http-invalid-tool-headers", 12, "valid_tool ok")]
    [InlineData("2026-07-28", "json-schema-ref-no-deref", 1, "lookup_user error")]
    public async Task AClient_BehindTheProxy_IsGivenTheSameVerdicts(string revision, string scenario, int successes, string outcomes)
    {
        var client = $"{ProxyHome.TestServer} client";
        var direct = await ConformanceTests.RunAsync(revision, "client", client, scenario);
        var behind = $"node {SourceTree.PathOf("tests", "peers", "behind-proxy.mjs")} {ToolProcess.Path} {_home.Path} {client}";
        Assert.Equal(direct, await ConformanceTests.RunAsync(revision, "client", behind, scenario));

        Assert.InRange(ConformanceTests.Successes(direct), successes, int.MaxValue);
        Assert.Equal(outcomes, string.Join(", ", _home.Outcomes()));
    }
}
