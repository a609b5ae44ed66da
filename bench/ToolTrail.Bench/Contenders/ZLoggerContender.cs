using Microsoft.Extensions.Logging;
using ZLogger;

namespace ToolTrail.Bench.Contenders;

/// <summary>ZLogger's file with its JSON formatter, time and fields alone. Its queue has no bound.</summary>
internal sealed class ZLoggerContender : IContender
{
    private readonly ILoggerFactory _factory;
    private readonly ILogger _logger;

    public ZLoggerContender(string folder)
    {
        _factory = LoggerFactory.Create(builder => builder.AddZLoggerFile(
            Path.Combine(folder, "zlogger.jsonl"),
            options => options.UseJsonFormatter(json => json.IncludeProperties = IncludeProperties.Timestamp | IncludeProperties.ParameterKeyValues)));
        _logger = _factory.CreateLogger("calls");
    }

    public void Record(SampleCall call)
    {
        var (user, tool, args, status, chars, result) = (call.User, call.Tool, call.ArgumentsText, "ok", call.Result.Length, call.Result);
        var (id, callId, session, agent, source, server, duration) =
            (call.Id, call.CallId, call.Session, SampleCalls.Agent, SampleCalls.Source, SampleCalls.Server, call.DurationMs);
        _logger.ZLogInformation(
            $"{user}{tool}{args}{status}{chars}{result}{id}{callId}{session}{agent}{source}{server}{duration}");
    }

    public ValueTask DisposeAsync()
    {
        _factory.Dispose();
        return ValueTask.CompletedTask;
    }
}
