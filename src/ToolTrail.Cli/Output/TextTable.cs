using System.Text;
using Spectre.Console;

namespace ToolTrail.Cli.Output;

/// <summary>
/// Rows under headings, one line a row. A terminal's width is never exceeded: the widest columns are cut first. Elsewhere every value
/// stands whole.
/// </summary>
internal sealed class TextTable
{
    private const int Gap = 2;

    // Without a terminal: a longer value pushes its own row to the right instead of all rows.
    private const int WidestPlain = 60;

    private readonly Screen _screen;
    private readonly string[] _headings;
    private readonly int[] _widths;
    private bool _headed;

    /// <param name="screen">Where to.</param>
    /// <param name="headings">Of the columns, from the left; one that begins with <c>&gt;</c> is aligned to the right.</param>
    public TextTable(Screen screen, params string[] headings)
    {
        _screen = screen;
        _headings = headings;
        _widths = new int[headings.Length];
    }

    /// <summary>Writes rows, under the headings if they are the first. Columns never get narrower from one call to the next.</summary>
    /// <param name="rows">A cell for each column.</param>
    public void Write(IReadOnlyList<Cell[]> rows)
    {
        var heading = _headings.Select(heading => new Cell(heading.TrimStart('>'), new Style(decoration: Decoration.Bold))).ToArray();
        FitWidths([heading, .. rows]);
        if (!_headed)
            WriteRow(heading);
        _headed = true;
        foreach (var row in rows)
            WriteRow(row);
    }

    private void FitWidths(IEnumerable<Cell[]> rows)
    {
        var widest = _screen.Width ?? WidestPlain;
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                _widths[i] = Math.Max(_widths[i], Math.Min(row[i].Text.GetCellWidth(), widest));
        }

        if (_screen.Width is not { } width)
            return;
        var excess = _widths.Sum() + (Gap * (_widths.Length - 1)) - width;
        for (; excess > 0 && _widths.Max() > 1; excess--)
            _widths[Array.IndexOf(_widths, _widths.Max())]--;
    }

    private void WriteRow(Cell[] row)
    {
        var end = 1 + Math.Max(0, Array.FindLastIndex(row, cell => cell.Text.Length > 0));
        var pieces = new List<Cell>(end);
        for (var i = 0; i < end; i++)
        {
            var text = _screen.IsTerminal ? Cut(row[i].Text, _widths[i]) : row[i].Text;
            var padding = new string(' ', Math.Max(0, _widths[i] - text.GetCellWidth()));
            var last = i == end - 1;
            if (_headings[i].StartsWith('>'))
                text = padding + text;
            else if (!last)
                text += padding;
            pieces.Add(row[i] with { Text = last ? text : text + new string(' ', Gap) });
        }

        _screen.WriteLine(pieces);
    }

    private static string Cut(string text, int width)
    {
        if (text.GetCellWidth() <= width)
            return text;
        var cut = new StringBuilder();
        var used = 1; // The ellipsis.
        foreach (var rune in text.EnumerateRunes())
        {
            var symbol = rune.ToString();
            used += symbol.GetCellWidth();
            if (used > width)
                break;
            cut.Append(symbol);
        }

        return cut.Append('…').ToString();
    }
}
