using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ToolTrail.Mcp.TestServer;

/// <summary>
/// A client that the conformance suite can look at: it makes the calls that the suite names, or else calls each tool that there is, with arguments that the tool's
/// schema allows.
/// </summary>
internal static class ConformanceClient
{
    /// <summary>Talks to the server at an address, in the version of the protocol that the suite asks for.</summary>
    public static async Task RunAsync(Uri server)
    {
        var options = new McpClientOptions
        {
            ProtocolVersion = Environment.GetEnvironmentVariable("MCP_CONFORMANCE_PROTOCOL_VERSION"),
            ClientInfo = new Implementation { Name = "conformance-client", Version = "1.0.0" },
        };
        options.Handlers.ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept", Content = new Dictionary<string, JsonElement>() });
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = server, TransportMode = HttpTransportMode.StreamableHttp });
        await using var client = await McpClient.CreateAsync(transport, options);
        var tools = await client.ListToolsAsync();
        foreach (var (tool, arguments) in Named() ?? tools.Select(tool => (tool.Name, Arguments(tool.JsonSchema))))
        {
            try
            {
                await tools.First(known => known.Name == tool).CallAsync(arguments);
            }
            catch (McpException)
            {
                // Some servers of the suite answer an error, to see what the client does next.
            }
        }
    }

    // {"toolCalls":[{"name":"…","arguments":{…}}]}; null: the suite leaves it to the client.
    private static IEnumerable<(string Tool, Dictionary<string, object?> Arguments)>? Named()
    {
        if (Environment.GetEnvironmentVariable("MCP_CONFORMANCE_CONTEXT") is not { } context || JsonNode.Parse(context)!["toolCalls"] is not JsonArray calls)
            return null;
        return calls.Select(call => ((string)call!["name"]!, call["arguments"]!.AsObject().ToDictionary(argument => argument.Key, argument => (object?)argument.Value)));
    }

    private static Dictionary<string, object?> Arguments(JsonElement schema)
    {
        var properties = schema.TryGetProperty("properties", out var all) && all.ValueKind == JsonValueKind.Object ? all.EnumerateObject() : default;
        return properties.ToDictionary(property => property.Name, property => Value(property.Value));
    }

    private static object? Value(JsonElement schema) => (schema.TryGetProperty("type", out var type) ? type.ToString() : null) switch
    {
        "integer" or "number" => 5,
        "boolean" => true,
        "array" => Array.Empty<object>(),
        "object" => new Dictionary<string, object?>(),
        _ => "text",
    };
}
