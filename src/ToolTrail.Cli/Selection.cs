using System.Globalization;
using System.Text;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Reading;

namespace ToolTrail.Cli;

/// <summary>Which records are asked for.</summary>
/// <param name="User">Whose; <c>null</c>: all users'.</param>
/// <param name="Days">Calendar days, today included.</param>
/// <param name="Filter">Which of them.</param>
internal sealed record Selection(string? User, int Days, RecordFilter Filter)
{
    // What one page of reading holds in memory at most.
    private const int PageSize = 10_000;

    /// <summary>Reads the newest records page by page, newest first.</summary>
    /// <param name="reader">The trail.</param>
    /// <param name="limit">Most records.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<RecordPage> ReadAsync(
        TrailReader reader, int limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var size = Math.Min(limit, PageSize);
            var page = User is null
                ? await reader.ReadRecentAllUsersAsync(Days, size, Filter, cursor, cancellationToken)
                : await reader.ReadRecentAsync(User, Days, size, Filter, cursor, cancellationToken);
            yield return page;
            limit -= page.Records.Count;
            cursor = page.Next;
        }
        while (cursor is not null && limit > 0);
    }

    /// <summary>Says that nothing was found, and where.</summary>
    public string NothingFound(TrailHome home)
    {
        var text = new StringBuilder("No records");
        if (Filter.Status is { } status)
            text.Append(CultureInfo.InvariantCulture, $" with status '{status}'");
        if (Filter.Tool is { } tool)
            text.Append(CultureInfo.InvariantCulture, $" of tools '{tool}'");
        if (User is not null)
            text.Append(CultureInfo.InvariantCulture, $" of user '{User}'");
        text.Append(Days == 1 ? " today" : string.Create(CultureInfo.InvariantCulture, $" of the last {Days} days"));
        text.Append(CultureInfo.InvariantCulture, $" in {home.Path}");
        return SafeText.Escape(text.ToString());
    }
}
