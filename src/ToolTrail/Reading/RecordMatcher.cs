using System.Text;
using ToolTrail.Records;
using ToolTrail.Recording;

namespace ToolTrail.Reading;

/// <summary>
/// Asks a line's header whether a filter wants the line. What one line cannot tell, <see cref="RecordFilter.OneRowPerCall"/>, is asked
/// elsewhere.
/// </summary>
internal sealed class RecordMatcher
{
    private readonly byte[]? _user;
    private readonly byte[]? _status;
    private readonly byte[]? _source;
    private readonly byte[]? _session;
    private readonly byte[]? _callId;
    private readonly string? _tool;
    private readonly string? _agent;

    public RecordMatcher(RecordFilter filter)
    {
        _user = BytesOf(filter.User);
        _status = BytesOf(filter.Status?.Value);
        _source = BytesOf(filter.Source);
        _session = BytesOf(filter.Session);
        _callId = BytesOf(filter.CallId);
        _tool = filter.Tool;
        _agent = filter.Agent;
    }

    public bool Matches(in RecordHeader header) =>
        (_user is null || TextEquals(header.User, _user))
        && (_status is null || TextEquals(header.Status, _status))
        && (_source is null || TextEquals(header.Source, _source))
        && (_session is null || TextEquals(header.Session, _session))
        && (_callId is null || TextEquals(header.CallId, _callId))
        && (_tool is null || Glob.IsMatch(_tool, JsonText.Unescape(header.Tool)))
        && (_agent is null || Glob.IsMatch(_agent, JsonText.Unescape(header.Agent)));

    private static byte[]? BytesOf(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    // The raw contents of a JSON string are its text unless something in it is escaped.
    private static bool TextEquals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text) =>
        raw.SequenceEqual(text) || (raw.Contains((byte)'\\') && JsonText.Unescape(raw) == Encoding.UTF8.GetString(text));
}
