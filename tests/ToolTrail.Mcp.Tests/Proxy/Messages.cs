namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>JSON-RPC messages as peers of the earlier eras send them.</summary>
internal static class Messages
{
    public static string Call(int id, string tool, string arguments = "{}") => Call($"{id}", tool, arguments);

    public static string Call(string id, string tool, string arguments = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}} }}""";

    public static string Result(int id, string text) => Result($"{id}", text);

    public static string Result(string id, string text) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"{{{text}}}"}]}}""";
}
