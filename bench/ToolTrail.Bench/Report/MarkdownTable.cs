using System.Text;

namespace ToolTrail.Bench.Report;

/// <summary>A table in Markdown; all columns but the first are numbers.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(params ReadOnlySpan<string> headers)
    {
        Add(headers);
        _text.Append("|---").Insert(_text.Length, "|--:", headers.Length - 1).Append("|\n");
    }

    public MarkdownTable Add(params ReadOnlySpan<string> cells)
    {
        foreach (var cell in cells)
            _text.Append("| ").Append(cell).Append(' ');
        _text.Append("|\n");
        return this;
    }

    public override string ToString() => _text.ToString();
}
