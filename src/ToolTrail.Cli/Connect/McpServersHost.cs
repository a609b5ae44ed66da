using System.Text;
using System.Text.Json;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Connect;

/// <summary>A host that starts MCP servers by the commands of its configuration: each gets the proxy before it.</summary>
internal sealed class McpServersHost(string name, string title, string client, string section, string file) : AgentHost
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override RecordFilter Heard => new() { Source = "mcp-proxy", Agent = client };

    /// <inheritdoc/>
    public override string File => file;

    /// <inheritdoc/>
    public override Connection Connect(string file, byte[]? text, ToolCommand tool)
    {
        if (text is null)
            return new Connection(file, null, [], [], [$"{title} has no MCP servers yet: there is no {file}. Connect it again once it has."]);
        List<string> changes = [], left = [];
        var edits = new TextEdits(text);
        foreach (var server in Servers(text))
        {
            var command = Jsonc.Member(text, server, "command");
            if (Jsonc.Text(text, command) is not { } program)
                left.Add($"'{server.Name}' is no command but a server over HTTP: put 'tooltrail proxy --listen ADDRESS --upstream URL' before it.");
            else if (IsWrapped(text, server))
                left.Add($"'{server.Name}' is connected already.");
            else
            {
                Wrap(edits, server, command!.Value, tool);
                changes.Add($"'{server.Name}': {program} is started by the proxy");
            }
        }

        return new Connection(file, text, edits.Apply(), changes, left);
    }

    /// <inheritdoc/>
    public override Connection Disconnect(string file, byte[] text)
    {
        List<string> changes = [];
        var edits = new TextEdits(text);
        foreach (var server in Servers(text).Where(server => IsWrapped(text, server)))
        {
            Unwrap(edits, server);
            changes.Add($"'{server.Name}' is started without the proxy");
        }

        return new Connection(file, text, edits.Apply(), changes, []);
    }

    private static bool IsWrapped(byte[] text, JsoncValue server)
    {
        var program = Path.GetFileNameWithoutExtension(Jsonc.Text(text, Jsonc.Member(text, server, "command")) ?? "");
        return program == "tooltrail" && Jsonc.Member(text, server, "args") is { } args && Jsonc.Items(text, args) is [var first, ..] && Jsonc.Text(text, first) == "proxy";
    }

    // What stood between the brackets stays as it was written.
    private static void Wrap(TextEdits edits, JsoncValue server, JsoncValue command, ToolCommand tool)
    {
        var original = Encoding.UTF8.GetString(edits.Text, command.Start, command.End - command.Start);
        var before = string.Join(", ", new[] { "proxy", "--server", server.Name }.Concat(tool.HomeOption).Append("--").Select(TextEdits.Quote));
        edits.Replace(command.Start, command.End, TextEdits.Quote(tool.Program));
        if (Jsonc.Member(edits.Text, server, "args") is { Kind: JsonTokenType.StartArray } args)
            edits.Replace(args.Start + 1, args.Start + 1, $"{before}, {original}{(Jsonc.Items(edits.Text, args).Count > 0 ? ", " : "")}");
        else
            edits.Replace(command.End, command.End, $", \"args\": [{before}, {original}]");
    }

    private static void Unwrap(TextEdits edits, JsoncValue server)
    {
        var text = edits.Text;
        var command = Jsonc.Member(text, server, "command")!.Value;
        var args = Jsonc.Member(text, server, "args")!.Value;
        var items = Jsonc.Items(text, args);
        var separator = items.FindIndex(item => Jsonc.Text(text, item) == "--");
        if (separator < 0 || separator + 1 >= items.Count)
            return;
        var original = items[separator + 1];
        edits.Replace(command.Start, command.End, Encoding.UTF8.GetString(text, original.Start, original.End - original.Start));
        edits.Replace(args.Start + 1, separator + 2 < items.Count ? items[separator + 2].Start : original.End, "");
    }

    private List<JsoncValue> Servers(byte[] text) =>
        Jsonc.Member(text, Jsonc.Root(text), section) is { } servers ? [.. Jsonc.Items(text, servers).Where(server => server.Kind == JsonTokenType.StartObject)] : [];
}
