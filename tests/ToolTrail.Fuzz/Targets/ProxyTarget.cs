using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ToolTrail.Mcp.Protocol;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Fuzz.Targets;

/// <summary>
/// An input as what a client and a server say in turn (form feeds between them). All of it arrives as it was sent, but for what the proxy refuses, and the two ways
/// of reading a message, whole and as it goes by, agree on it.
/// </summary>
internal sealed class ProxyTarget : IFuzzTarget
{
    private const int MostTurns = 16;

    // Shorter than what the reading as it goes by can hold, escaped or not.
    private const int ShortText = 100;

    private readonly ScratchRecorder _recorder = new();

    public void Run(byte[] input)
    {
        var calls = new OpenCalls(_recorder.Take(), NullLogger.Instance);
        var scope = new CallScope(new ToolCallRecord { User = "ann", Tool = "", Session = "s", Server = "server" });
        using var toServer = new MemoryStream();
        using var toClient = new MemoryStream();
        var server = new LineOutput(toServer);
        var client = new LineOutput(toClient);
        var turns = InputParts.Of(input, MostTurns);
        for (var i = 0; i < turns.Count; i++)
        {
            using var source = new MemoryStream(turns[i]);
            var (pump, target) = i % 2 == 0
                ? (new LinePump(source, server, new ClientInspector(calls, scope, client, NullLogger.Instance)), toServer)
                : (new LinePump(source, client, new ServerInspector(calls, scope)), toClient);
            var before = (int)target.Length;
            pump.Run();
            CheckUnchanged(target.ToArray()[before..], turns[i]);
        }

        calls.CloseAsync(ToolCallOutcome.Cancelled("The input ended.")).GetAwaiter().GetResult();
        CheckLongLines(input);
    }

    public void Dispose() => _recorder.Dispose();

    private static void CheckUnchanged(byte[] got, byte[] sent)
    {
        var (passed, expected) = (Passing(got), Passing(sent));
        BrokenPropertyException.Unless(passed.AsSpan().SequenceEqual(expected), $"There came {Encoding.UTF8.GetString(passed)} instead of {Encoding.UTF8.GetString(expected)}");
    }

    // Without what the proxy itself refuses: calls that are no JSON, and requests with a member in two spellings.
    private static byte[] Passing(byte[] text) => [.. Lines(text, "\n").Where(line => !MayBeRefused(line)).SelectMany(line => line)];

    private static bool MayBeRefused(byte[] line)
    {
        var json = Json.Trim(line);
        if (JsonRpcMessage.SplitBatch(json) is { } batch)
            return batch.Exists(message => IsAmbiguous(JsonRpcMessage.Parse(message)));
        if (JsonRpcMessage.Parse(json) is { } message)
            return IsAmbiguous(message);
        var skimmed = new SkimmedMessage();
        skimmed.Scan(line);
        return skimmed.SaysCall;
    }

    private static bool IsAmbiguous(JsonRpcMessage? message) => message is { } found && (found.IsAmbiguous || McpParams.Parse(found.Params).IsAmbiguous);

    private static void CheckLongLines(byte[] input)
    {
        foreach (var bytes in Lines(input, "\n\f"))
        {
            var (whole, pieces) = (new SkimmedMessage(), new SkimmedMessage());
            whole.Scan(bytes);
            foreach (var value in bytes)
                pieces.Scan([value]);
            BrokenPropertyException.Unless(Describe(whole) == Describe(pieces), $"As it goes by: {Describe(whole)}; in pieces: {Describe(pieces)}.");
            if (JsonRpcMessage.Parse(Json.Trim(bytes)) is not { } message)
                continue;
            BrokenPropertyException.Unless(
                message.Method is null or { Length: > ShortText } || message.Method == whole.Method, $"The method is {message.Method}, and as it goes by {whole.Method}.");
            var tool = message.Method == "tools/call" ? McpParams.Parse(message.Params).Name : null;
            BrokenPropertyException.Unless(tool is null or { Length: > ShortText } || tool == whole.Tool, $"The tool is {tool}, and as it goes by {whole.Tool}.");
        }
    }

    private static IEnumerable<byte[]> Lines(byte[] input, string ends)
    {
        for (int start = 0, end; start < input.Length; start = end)
        {
            end = Array.FindIndex(input, start, value => ends.Contains((char)value, StringComparison.Ordinal)) + 1;
            end = end == 0 ? input.Length : end;
            yield return input[start..end].AsSpan().TrimEnd((byte)'\f').ToArray();
        }
    }

    private static string Describe(SkimmedMessage line) => $"{line.IsJson} {line.Id} {line.Method} {line.Tool} {line.IsAnswer} {line.IsError} {line.Length}";
}
