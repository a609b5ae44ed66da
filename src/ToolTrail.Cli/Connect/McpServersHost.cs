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
            else if (IsProxied(text, server))
            {
                left.Add(ByHand(server));
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
        // Those that were connected before may have been with another program.
        HashSet<string> before = text is null ? [] : [.. Servers(text).Where(server => WrappedIn(text, server) is not null).Select(server => server.Name)];
        var wrapped = Servers(connected).Where(server => !before.Contains(server.Name)).Select(server => WrappedIn(connected, server)).FirstOrDefault(found => found is not null);
        return wrapped is { } found
            ? Connect(file, text, new ToolCommand(Jsonc.Text(connected, found.Command)!, found.Home))
            : new Connection(file, text, text, [], []);
    }

    /// <inheritdoc/>
    public override Connection Disconnect(string file, byte[] text)
    {
        List<string> changes = [], left = [];
        var edits = new TextEdits(text);
        foreach (var server in Servers(text))
        {
            if (WrappedIn(text, server) is { } wrapped)
            {
                Unwrap(edits, wrapped);
                changes.Add($"'{server.Name}' is started without the proxy");
            }
            else if (IsProxied(text, server))
            {
                left.Add(ByHand(server));
            }
        }

        return new Connection(file, text, edits.Apply(), changes, left);
    }

    /// <inheritdoc/>
    public override bool IsRecorded(byte[] text) => Servers(text).Exists(server => IsProxied(text, server));

    private static string ByHand(JsoncValue server) => $"'{server.Name}' is started by a proxy that was put there by hand, and stays as it is.";

    private static bool IsProxied(byte[] text, JsoncValue server) => ProxyIn(text, server) is { Words: ["proxy", ..] };

    private static (JsoncValue Command, JsoncValue Args, List<string> Words)? ProxyIn(byte[] text, JsoncValue server)
    {
        if (Jsonc.Member(text, server, "command") is not { } command || Path.GetFileNameWithoutExtension(Jsonc.Text(text, command)) != "tooltrail"
            || Jsonc.Member(text, server, "args") is not { Kind: JsonTokenType.StartArray } args)
            return null;
        return (command, args, Jsonc.Items(text, args).ConvertAll(item => Jsonc.Text(text, item) ?? ""));
    }

    // Word for word what Wrap writes: any other proxy is somebody's own.
    private static Wrapped? WrappedIn(byte[] text, JsoncValue server)
    {
        if (ProxyIn(text, server) is not var (command, args, words))
            return null;
        var (home, original) = words switch
        {
            ["proxy", "--server", _, "--", _, ..] => (null, 4),
            ["proxy", "--server", _, "--home", var named, "--", _, ..] => (named, 6),
            _ => (null, 0),
        };
        if (original == 0 || words[2] != server.Name)
            return null;
        return new Wrapped(command, args, home, Jsonc.Items(text, args)[original], words.Count > original + 1);
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
    /// <param name="Home">The home that they name; <c>null</c>: none.</param>
    /// <param name="Original">The server's own command.</param>
    /// <param name="HasMore">Whether that has arguments.</param>
    private readonly record struct Wrapped(JsoncValue Command, JsoncValue Args, string? Home, JsoncValue Original, bool HasMore);
}
