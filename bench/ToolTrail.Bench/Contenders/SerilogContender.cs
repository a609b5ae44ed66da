using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Parsing;

namespace ToolTrail.Bench.Contenders;

/// <summary>Serilog's file sink, buffered, compact JSON; direct, or behind its async sink with a queue that makes callers wait.</summary>
internal sealed class SerilogContender : IContender
{
    private static readonly MessageTemplate Template = new MessageTemplateParser().Parse("call");

    private readonly Logger _logger;

    public SerilogContender(string folder, bool isAsync)
    {
        var path = Path.Combine(folder, "serilog.jsonl");
        var configuration = new LoggerConfiguration();
        _logger = isAsync
            ? configuration.WriteTo.Async(sink => sink.File(new CompactJsonFormatter(), path, fileSizeLimitBytes: null, buffered: true), blockWhenFull: true)
                .CreateLogger()
            : configuration.WriteTo.File(new CompactJsonFormatter(), path, fileSizeLimitBytes: null, buffered: true).CreateLogger();
    }

    public void Record(SampleCall call) => _logger.Write(new LogEvent(TimeProvider.System.GetUtcNow(), LogEventLevel.Information, null, Template,
    [
        Field("user", call.User), Field("tool", call.Tool), Field("args", call.ArgumentsText), Field("status", "ok"),
        Field("result_chars", call.Result.Length), Field("result", call.Result), Field("id", call.Id), Field("call_id", call.CallId),
        Field("session", call.Session), Field("agent", SampleCalls.Agent), Field("source", SampleCalls.Source), Field("server", SampleCalls.Server),
        Field("duration_ms", call.DurationMs),
    ]));

    public ValueTask DisposeAsync() => _logger.DisposeAsync();

    private static LogEventProperty Field(string name, object value) => new(name, new ScalarValue(value));
}
