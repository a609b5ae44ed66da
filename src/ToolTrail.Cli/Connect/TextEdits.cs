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

    /// <summary>A string as JSON.</summary>
    public static string Quote(string value) => JsonSerializer.Serialize(value, Strings);

    /// <summary>Puts something in the place of a range.</summary>
    public void Replace(int start, int end, string replacement) => Replace(start, end, Encoding.UTF8.GetBytes(replacement));

    /// <summary>Puts bytes in the place of a range.</summary>
    public void Replace(int start, int end, byte[] replacement) => _edits.Add((start, end, replacement));

    /// <summary>Adds a member or an element behind the last one.</summary>
    public void Append(JsoncValue parent, string item)
    {
        var items = Jsonc.Items(text, parent);
        if (items.Count > 0)
            Replace(items[^1].End, items[^1].End, $",{item}");
        else
            Replace(parent.Start + 1, parent.Start + 1, item);
    }

    /// <summary>Takes a member or an element out, as <see cref="Append"/> put it in: with the comma and the white space before it. Comments stay.</summary>
    public void Remove(JsoncValue parent, int index)
    {
        var items = Jsonc.Items(text, parent);
        var item = items[index];
        var before = index > 0 ? items[index - 1].End : parent.Start + 1;
        // Of the first it is the one behind it, if there is any.
        var comma = index > 0 ? Jsonc.Comma(text, before, item.Begin) : Jsonc.Comma(text, item.End, items.Count > 1 ? items[1].Begin : parent.End - 1);
        if (comma is { } found)
            Replace(found, found + 1, "");
        var space = before + text.AsSpan(before, item.Begin - before).TrimEnd(" \t\r\n"u8).Length;
        // Behind a comment the line end may be the comment's.
        var isBare = space == (index > 0 ? comma + 1 : before);
        Replace(isBare ? space : item.Begin, item.End, "");
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
}
