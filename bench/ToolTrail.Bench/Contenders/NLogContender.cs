using NLog;
using NLog.Config;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace ToolTrail.Bench.Contenders;

/// <summary>NLog's file target, kept open, JSON layout, behind its async wrapper with a queue that makes callers wait.</summary>
internal sealed class NLogContender : IContender
{
    private readonly LogFactory _factory = new();
    private readonly Logger _logger;

    public NLogContender(string folder)
    {
        var file = new FileTarget
        {
            FileName = Path.Combine(folder, "nlog.jsonl"),
            KeepFileOpen = true,
            AutoFlush = false,
            Layout = new JsonLayout { IncludeEventProperties = true, Attributes = { new JsonAttribute("ts", "${date:universalTime=true:format=o}") } },
        };
        var configuration = new LoggingConfiguration(_factory);
        configuration.AddRuleForAllLevels(new AsyncTargetWrapper(file) { OverflowAction = AsyncTargetWrapperOverflowAction.Block });
        _factory.Configuration = configuration;
        _logger = _factory.GetLogger("calls");
    }

    public void Record(SampleCall call)
    {
        var info = LogEventInfo.Create(LogLevel.Info, _logger.Name, "call");
        var fields = info.Properties;
        fields["user"] = call.User;
        fields["tool"] = call.Tool;
        fields["args"] = call.ArgumentsText;
        fields["status"] = "ok";
        fields["result_chars"] = call.Result.Length;
        fields["result"] = call.Result;
        fields["id"] = call.Id;
        fields["call_id"] = call.CallId;
        fields["session"] = call.Session;
        fields["agent"] = SampleCalls.Agent;
        fields["source"] = SampleCalls.Source;
        fields["server"] = SampleCalls.Server;
        fields["duration_ms"] = call.DurationMs;
        _logger.Log(info);
    }

    public ValueTask DisposeAsync()
    {
        _factory.Shutdown();
        _factory.Dispose();
        return ValueTask.CompletedTask;
    }
}
