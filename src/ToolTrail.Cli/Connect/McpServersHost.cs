using System.Text;
using System.Text.Json;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Connect;

/// <summary>A host that starts MCP servers by the commands of its configuration: each gets the proxy before it.</summary>
internal sealed class McpServersHost(string name, string title, string client, string section, string file) : AgentHost
{
    private static ReadOnlySpan<byte> NewArgs => ", \"args\": ["u8;

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
        if (text is null || Servers(text) is not [_, ..] servers)
            return new Connection(file, text, text, [], [$"{title} has no MCP servers yet{(text is null ? $": there is no {file}" : "")}. Connect it again once it has."]);
        List<string> changes = [], left = [];
        var edits = new TextEdits(text);
        foreach (var server in servers)
        {
            var command = Jsonc.Member(text, server, "command");
            if (Jsonc.Text(text, command) is not { } program)
            {
                left.Add($"'{server.Name}' is no command but a server over HTTP: put 'tooltrail proxy --listen ADDRESS --upstream URL' before it.");
            }
            else if (WrappedIn(text, server) is not null)
            {
                left.Add($"'{server.Name}' is connected already.");
            }
            else
            {
                Wrap(edits, server, command!.Value, tool);
                changes.Add($"'{server.Name}': {program} is started by the proxy");
            }
        }

        return new Connection(file, text, edits.Apply(), changes, left);
    }

    /// <inheritdoc/>
    public override Connection ConnectLike(string file, byte[]? text, byte[] connected)
    {
        var server = Servers(connected).First(server => WrappedIn(connected, server) is not null);
        var wrapped = WrappedIn(connected, server)!.Value;
        var home = wrapped.Options.LastIndexOf("--home");
        var tool = new ToolCommand(Jsonc.Text(connected, wrapped.Command)!, home < 0 ? null : wrapped.Options.ElementAtOrDefault(home + 1));
        return Connect(file, text, tool);
    }

    /// <inheritdoc/>
    public override Connection Disconnect(string file, byte[] text)
    {
        List<string> changes = [];
        var edits = new TextEdits(text);
        foreach (var server in Servers(text))
        {
            if (WrappedIn(text, server) is not { } wrapped)
                continue;
            Unwrap(edits, wrapped);
            changes.Add($"'{server.Name}' is started without the proxy");
        }

        return new Connection(file, text, edits.Apply(), changes, []);
    }

    private static Wrapped? WrappedIn(byte[] text, JsoncValue server)
    {
        var command = Jsonc.Member(text, server, "command");
        if (Path.GetFileNameWithoutExtension(Jsonc.Text(text, command)) != "tooltrail" || Jsonc.Member(text, server, "args") is not { Kind: JsonTokenType.StartArray } args)
            return null;
        var items = Jsonc.Items(text, args);
        var words = items.ConvertAll(item => Jsonc.Text(text, item) ?? "");
        // Behind the server's name, which may be anything.
        var separator = words.Count > 3 ? words.IndexOf("--", words[1] == "--server" ? 3 : 1) : words.IndexOf("--");
        if (words is not ["proxy", ..] || separator < 0 || separator + 1 == items.Count)
            return null;
        return new Wrapped(command!.Value, args, words[..separator], items[separator + 1], items.Count > separator + 2);
    }

    // What stood between the brackets stays as it was written.
    private static void Wrap(TextEdits edits, JsoncValue server, JsoncValue command, ToolCommand tool)
    {
        byte[] ours =
        [
            .. Encoding.UTF8.GetBytes(string.Concat(new[] { "proxy", "--server", server.Name }.Concat(tool.HomeOption).Append("--").Select(word => $"{TextEdits.Quote(word)}, "))),
            .. edits.Text[command.Start..command.End],
        ];
        edits.Replace(command.Start, command.End, TextEdits.Quote(tool.Program));
        if (Jsonc.Member(edits.Text, server, "args") is not { } args)
            edits.Replace(command.End, command.End, [.. NewArgs, .. ours, (byte)']']);
        else if (Jsonc.Member(edits.Text, server, "args", JsonTokenType.StartArray) is null)
            edits.Replace(args.Start, args.End, [(byte)'[', .. ours, (byte)']']);
        else
            edits.Replace(args.Start + 1, args.Start + 1, Jsonc.Items(edits.Text, args).Count > 0 ? [.. ours, .. ", "u8] : ours);
    }

    private static void Unwrap(TextEdits edits, Wrapped wrapped)
    {
        var (text, command, args, original) = (edits.Text, wrapped.Command, wrapped.Args, wrapped.Original);
        edits.Replace(command.Start, command.End, text[original.Start..original.End]);
        // The arguments were made here, of nothing.
        if (text.AsSpan(command.End).StartsWith(NewArgs) && args.Start + 1 == command.End + NewArgs.Length && original.End == args.End - 1)
        {
            edits.Replace(command.End, args.End, "");
            return;
        }

        var rest = original.End;
        if (wrapped.HasMore)
            rest = Jsonc.Comma(text, rest, args.End)!.Value + 1;
        // The space that was put in with it.
        edits.Replace(args.Start + 1, wrapped.HasMore && text[rest] == ' ' ? rest + 1 : rest, "");
    }

    private List<JsoncValue> Servers(byte[] text)
    {
        if (Jsonc.IsEmpty(text) || Jsonc.Member(text, Jsonc.Root(text), section, JsonTokenType.StartObject) is not { } servers)
            return [];
        return [.. Jsonc.Items(text, servers).Where(server => server.Kind == JsonTokenType.StartObject)];
    }

    /// <summary>A server that the proxy starts.</summary>
    /// <param name="Command">The proxy's.</param>
    /// <param name="Args">All its arguments.</param>
    /// <param name="Options">Those before <c>--</c>.</param>
    /// <param name="Original">The server's own command.</param>
    /// <param name="HasMore">Whether that has arguments.</param>
    private readonly record struct Wrapped(JsoncValue Command, JsoncValue Args, List<string> Options, JsoncValue Original, bool HasMore);
}
