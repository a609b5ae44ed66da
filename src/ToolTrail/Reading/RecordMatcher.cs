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
    private readonly string? _tool;

    public RecordMatcher(RecordFilter filter)
    {
        _user = filter.User is null ? null : Encoding.UTF8.GetBytes(filter.User);
        _status = filter.Status is { } status ? Encoding.UTF8.GetBytes(status.Value) : null;
        _tool = filter.Tool;
    }

    public bool Matches(in RecordHeader header) =>
        (_user is null || TextEquals(header.User, _user))
        && (_status is null || TextEquals(header.Status, _status))
        && (_tool is null || Glob.IsMatch(_tool, JsonText.Unescape(header.Tool)));

    // The raw contents of a JSON string are its text unless something in it is escaped.
    private static bool TextEquals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text) =>
        raw.SequenceEqual(text) || (raw.Contains((byte)'\\') && JsonText.Unescape(raw) == Encoding.UTF8.GetString(text));
}
