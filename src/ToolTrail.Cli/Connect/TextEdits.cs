using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolTrail.Cli.Connect;

/// <summary>Changes to a text, each where it stands; everything else stays byte for byte.</summary>
internal sealed class TextEdits(byte[] text)
{
    private static readonly JsonSerializerOptions Strings = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<(int Start, int End, byte[] New)> _edits = [];

    /// <summary>The text as it was.</summary>
    public byte[] Text => text;

    /// <summary>Whether there are any.</summary>
    public bool Any => _edits.Count > 0;

    /// <summary>A string as JSON.</summary>
    public static string Quote(string value) => JsonSerializer.Serialize(value, Strings);

    /// <summary>Puts something in the place of a range.</summary>
    public void Replace(int start, int end, string replacement) => _edits.Add((start, end, Encoding.UTF8.GetBytes(replacement)));

    /// <summary>Adds a member or an element behind the last one.</summary>
    public void Append(JsoncValue parent, string item)
    {
        var items = Jsonc.Items(text, parent);
        if (items.Count > 0)
            Replace(items[^1].End, items[^1].End, $",{item}");
        else
            Replace(parent.Start + 1, parent.Start + 1, item);
    }

    /// <summary>Takes a member or an element out, and the comma that it leaves over.</summary>
    public void Remove(JsoncValue parent, int index)
    {
        var items = Jsonc.Items(text, parent);
        // From the end of the one before, so that its comma goes too; of the first to the beginning of the next.
        if (index > 0)
            Replace(items[index - 1].End, items[index].End, "");
        else if (items.Count > 1)
            Replace(BeginningOf(items[0], parent.Start + 1), BeginningOf(items[1], items[0].End), "");
        else
            Replace(parent.Start + 1, items[0].End, "");
    }

    /// <summary>The text with the changes.</summary>
    public byte[] Apply()
    {
        using var changed = new MemoryStream();
        var at = 0;
        foreach (var (start, end, replacement) in _edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            changed.Write(text.AsSpan(at, start - at));
            changed.Write(replacement);
            at = end;
        }

        changed.Write(text.AsSpan(at));
        return changed.ToArray();
    }

    // Of a member its name's quote.
    private int BeginningOf(JsoncValue item, int from)
    {
        if (item.Name.Length == 0)
            return item.Start;
        var quoted = Encoding.UTF8.GetBytes(Quote(item.Name));
        var found = text.AsSpan(from, item.Start - from).LastIndexOf(quoted);
        return found < 0 ? item.Start : from + found;
    }
}
