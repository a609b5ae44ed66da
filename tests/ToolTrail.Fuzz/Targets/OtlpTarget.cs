using ToolTrail.Server.Access;
using ToolTrail.Server.Otlp;

namespace ToolTrail.Fuzz.Targets;

/// <summary>An input as an export of spans, in both encodings. It is read or refused, the same each time, and each span of a tool is stored or rejected.</summary>
internal sealed class OtlpTarget : IFuzzTarget
{
    private static readonly Caller Anybody = new("fuzz", Role.Producer, ["*"], CancellationToken.None);

    private readonly ScratchRecorder _recorder = new();

    public void Run(byte[] input)
    {
        Export(OtlpFormat.Protobuf, input);
        Export(OtlpFormat.Json, input);
    }

    public void Dispose() => _recorder.Dispose();

    private void Export(OtlpFormat format, byte[] input)
    {
        var (counted, refused) = Read(format, input, _ => { });
        // As the server does it: of what cannot be read nothing is stored.
        if (refused is not null)
            return;
        var export = new SpanExport(_recorder.Take(), Anybody);
        var again = Read(format, input, export.Store);
        BrokenPropertyException.Unless(again == (counted, null), $"At first {counted} spans, and then {again}.");
        BrokenPropertyException.Unless(export.Rejected <= counted, $"{export.Rejected} of {counted} spans were rejected.");
        BrokenPropertyException.Unless(export.Rejected == 0 == (export.ErrorMessage.Length == 0), $"{export.Rejected} spans were rejected: '{export.ErrorMessage}'.");
        export.FinishAsync().GetAwaiter().GetResult();
    }

    private static (int Spans, string? Refused) Read(OtlpFormat format, byte[] input, Action<SpanData> take)
    {
        var spans = 0;
        try
        {
            format.Read(input, span =>
            {
                spans++;
                take(span);
            });
            return (spans, null);
        }
        catch (OtlpException e)
        {
            return (spans, e.Message);
        }
    }
}
