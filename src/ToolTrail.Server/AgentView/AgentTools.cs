using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.AgentView;

/// <summary>The tools by which an agent looks at its own trail.</summary>
[McpServerToolType]
internal sealed class AgentTools
{
    private const int MostRecords = 200;
    private const int MostDays = 366;
    private const int DefaultDays = 7;

    private readonly TrailHome _home;
    private readonly TrailReader _reader;
    private readonly TrailVerdicts _verdicts;
    private readonly FileTool _files;
    private readonly ToolCallRecorder _recorder;
    private readonly Viewer? _viewer;

    /// <param name="home">The trail.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="verdicts">Verifies it.</param>
    /// <param name="files">Reads files.</param>
    /// <param name="recorder">Notes who read what.</param>
    /// <param name="viewer">The one viewer of this process; <c>null</c>: each request has its own.</param>
    public AgentTools(TrailHome home, TrailReader reader, TrailVerdicts verdicts, FileTool files, ToolCallRecorder recorder, Viewer? viewer = null)
    {
        _home = home;
        _reader = reader;
        _verdicts = verdicts;
        _files = files;
        _recorder = recorder;
        _viewer = viewer;
    }

    [McpServerTool(Name = "audit_recent", ReadOnly = true), Description("The last tool calls in the audit trail, newest first. An agent sees its own user's calls.")]
    public async Task<CallToolResult> RecentAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("Whose calls; only who may read all users' can choose.")] string? user = null,
        [Description("Glob over the tool's name: * any run, ? one character.")] string? tool = null,
        [Description("How the call ended: ok, error, denied, cancelled, timeout, started.")] string? status = null,
        [Description("The session, exactly.")] string? session = null,
        [Description("Glob over the agent's name.")] string? agent = null,
        [Description("Who told of the calls, exactly: mcp-proxy, claude-code, otlp, …")] string? source = null,
        [Description("The host's own id of the call, exactly: a record's 'call_id'.")] string? callId = null,
        [Description("Calendar days back, today included; 1 to 366.")] int days = DefaultDays,
        [Description("Most calls of a page, 1 to 200.")] int limit = 20,
        [Description("The cursor that the page before gave as 'next'.")] string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        Check(days, limit);
        var viewer = ViewerOf(context);
        var whose = await EnterAsync(context, viewer, user, cancellationToken);
        var filter = viewer.Filter with
        {
            Tool = NullIfEmpty(tool),
            Session = NullIfEmpty(session),
            Agent = NullIfEmpty(agent),
            Source = NullIfEmpty(source),
            CallId = NullIfEmpty(callId),
            Status = NullIfEmpty(status) is { } name ? new ToolCallStatus(name) : null,
            OneRowPerCall = true,
        };
        try
        {
            var page = whose is null
                ? await _reader.ReadRecentAllUsersAsync(days, limit, filter, NullIfEmpty(cursor), cancellationToken)
                : await _reader.ReadRecentAsync(whose, days, limit, filter, NullIfEmpty(cursor), cancellationToken);
            return await AnswerAsync(whose, days, json =>
            {
                json.WriteStartArray("records");
                foreach (var record in page.Records)
                    json.WriteRawValue(record.Line.Span, skipInputValidation: true);
                json.WriteEndArray();
                // What other captures told of the same calls.
                json.WriteStartObject("also");
                foreach (var (index, record) in page.Records.Index().Where(record => record.Item.Others.Count > 0))
                {
                    json.WriteStartArray(index.ToString(CultureInfo.InvariantCulture));
                    foreach (var other in record.Others)
                        json.WriteRawValue(other.Line.Span, skipInputValidation: true);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
                json.WriteString("next", page.Next);
                json.WriteNumber("skipped", page.Skipped);
            }, cancellationToken);
        }
        catch (InvalidCursorException e)
        {
            throw new McpException(e.Message);
        }
    }

    [McpServerTool(Name = "audit_stats", ReadOnly = true), Description("Counts of tool calls by status and tool. An agent sees its own user's calls.")]
    public async Task<CallToolResult> StatsAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("Whose calls; only who may read all users' can choose.")] string? user = null,
        [Description("Calendar days back, today included; 1 to 366.")] int days = DefaultDays,
        CancellationToken cancellationToken = default)
    {
        Check(days, 1);
        var viewer = ViewerOf(context);
        var whose = await EnterAsync(context, viewer, user, cancellationToken);
        var stats = await _reader.ReadStatsAsync(whose, days, viewer.Filter, cancellationToken);
        return await AnswerAsync(whose, days, json =>
        {
            json.WriteString("from", stats.From.ToString("O"));
            json.WriteString("to", stats.To.ToString("O"));
            json.WriteNumber("calls", stats.Calls);
            Write(json, "by_status", stats.ByStatus);
            json.WriteStartArray("by_tool");
            foreach (var group in stats.ByTool)
            {
                json.WriteStartObject();
                json.WriteString("name", group.Name);
                json.WriteNumber("calls", group.Calls);
                Write(json, "by_status", group.ByStatus);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }, cancellationToken);
    }

    [McpServerTool(Name = "audit_verify", ReadOnly = true), Description("Whether the trail is what was recorded: recomputed from its bytes, and held against everything that was signed.")]
    public async Task<CallToolResult> VerifyAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("Whose part of the trail; only who may read all users' can choose.")] string? user = null,
        [Description("Calendar days back, today included; 1 to 366.")] int days = DefaultDays,
        CancellationToken cancellationToken = default)
    {
        Check(days, 1);
        var whose = await EnterAsync(context, ViewerOf(context), user, cancellationToken);
        return await AnswerAsync(whose, days, _ => { }, cancellationToken);
    }

    [McpServerTool(Name = "file_read", ReadOnly = true), Description("Reads a text file, 50 KB at a time, from the folders that are allowed: the user's own of the trail, and those of the configuration.")]
    public async Task<CallToolResult> ReadFileAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("The file's path: absolute, or from the user's own folder of the trail, such as tool_audit/2026-11-23.jsonl.")] string path,
        [Description("Where to begin, in bytes: the 'next' of the answer before.")] long offset = 0,
        CancellationToken cancellationToken = default)
    {
        var viewer = ViewerOf(context);
        var whose = await EnterAsync(context, viewer, null, cancellationToken, path);
        var piece = await _files.ReadAsync(viewer, path, offset, cancellationToken);
        var answer = await AnswerAsync(whose, DefaultDays, json =>
        {
            if (piece.Next is { } next)
                json.WriteNumber("next", next);
            else
                json.WriteNull("next");
            json.WriteNumber("length", piece.Length);
        }, cancellationToken);
        // As it stands in the file, for itself.
        answer.Content.Insert(0, new TextContentBlock { Text = piece.Text });
        return answer;
    }

    private static void Check(int days, int limit)
    {
        if (days is < 1 or > MostDays)
            throw new McpException($"'days' is a number from 1 to {MostDays}.");
        if (limit is < 1 or > MostRecords)
            throw new McpException($"'limit' is a number from 1 to {MostRecords}.");
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (status, count) in counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteNumber(status, count);
        json.WriteEndObject();
    }

    // Models send what they leave empty.
    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private Viewer ViewerOf(RequestContext<CallToolRequestParams> context) =>
        _viewer
        ?? ((context.User?.Identity as CallerIdentity)?.Caller is { } caller ? Viewer.Of(caller) : null)
        ?? throw new McpException("This key stands for several users, or for none: use one of one user.");

    // Who read what is noted before anything is read, as the HTTP API does.
    private async Task<string?> EnterAsync(RequestContext<CallToolRequestParams> context, Viewer viewer, string? user, CancellationToken cancellationToken, string? path = null)
    {
        var whose = viewer.UserOf(NullIfEmpty(user));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("by", viewer.Label);
            json.WriteString("user", whose ?? "*");
            json.WriteString("query", context.Params?.Name);
            if (path is not null)
                json.WriteString("path", path);
            json.WriteEndObject();
        }

        await _recorder.RecordOwnAsync(OwnLines.Read, ToolCallStatus.Ok, buffer.ToArray(), cancellationToken: cancellationToken);
        return whose;
    }

    private async Task<CallToolResult> AnswerAsync(string? user, int days, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var verdict = await _verdicts.OfAsync(user, days, cancellationToken);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WritePropertyName("verdict");
            verdict.WriteTo(json, _home);
            json.WriteEndObject();
        }

        return new CallToolResult { Content = [new TextContentBlock { Text = System.Text.Encoding.UTF8.GetString(buffer.ToArray()) }] };
    }
}
