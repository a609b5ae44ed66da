using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ToolTrail.Mcp.Protocol;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Fuzz.Targets;

/// <summary>
/// An input as what a client and a server say in turn (form feeds between them). All of it arrives as it was sent, and the two ways of reading a message,
/// whole and as it goes by, agree on it.
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
            var pump = i % 2 == 0
                ? new LinePump(source, server, new ClientInspector(calls, scope, client, NullLogger.Instance))
                : new LinePump(source, client, new ServerInspector(calls, scope));
            pump.Run();
        }

        calls.CloseAsync(ToolCallOutcome.Cancelled("The input ended.")).GetAwaiter().GetResult();
        CheckUnchanged("server", toServer, turns.Where((_, i) => i % 2 == 0));
        CheckUnchanged("client", toClient, turns.Where((_, i) => i % 2 == 1));
        CheckLongLines(input);
    }

    public void Dispose() => _recorder.Dispose();

    private static void CheckUnchanged(string to, MemoryStream output, IEnumerable<byte[]> sent)
    {
        var expected = sent.SelectMany(part => part).ToArray();
        BrokenPropertyException.Unless(
            output.ToArray().AsSpan().SequenceEqual(expected), $"The {to} got {Encoding.UTF8.GetString(output.ToArray())} instead of {Encoding.UTF8.GetString(expected)}");
    }

    private static void CheckLongLines(byte[] input)
    {
        foreach (var bytes in Lines(input))
        {
            var (whole, pieces) = (new LongLine(), new LongLine());
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

    private static IEnumerable<byte[]> Lines(byte[] input)
    {
        for (int start = 0, end; start < input.Length; start = end)
        {
            end = Array.FindIndex(input, start, value => value is (byte)'\n' or (byte)'\f') + 1;
            end = end == 0 ? input.Length : end;
            yield return input[start..end].AsSpan().TrimEnd((byte)'\f').ToArray();
        }
    }

    private static string Describe(LongLine line) => $"{line.IsJson} {line.Id} {line.Method} {line.Tool} {line.IsAnswer} {line.IsError} {line.Length}";
}
