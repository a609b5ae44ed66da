using System.Net;
using System.Text;
using ToolTrail.Integrity;

namespace ToolTrail.Witnessing;

/// <summary>What a witness answered: anybody's bytes.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Of the body, without parameters; <c>null</c>: it has none.</param>
/// <param name="Body">Bounded by who read it.</param>
internal sealed record WitnessAnswer(HttpStatusCode Status, string? MediaType, byte[] Body)
{
    private const string SizeMediaType = "text/x.tlog.size";
    private const int MostShown = 160;

    /// <summary>The size that the witness says that it has cosigned; <c>null</c>: it says none.</summary>
    public long? Size()
    {
        if (!string.Equals(MediaType, SizeMediaType, StringComparison.OrdinalIgnoreCase) || Body is not [.. var digits, (byte)'\n'])
            return null;
        try
        {
            return Checkpoint.ParseSize(Encoding.UTF8.GetString(digits));
        }
        catch (IntegrityFormatException)
        {
            return null;
        }
    }

    /// <summary>The beginning of the body, for people to read.</summary>
    public string Shown() => Printable(Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, MostShown))));

    /// <summary>Text with a witness's words in it, bounded, and with nothing that a terminal or a log could take for more than text.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Take(MostShown).Select(c => c is >= ' ' and <= '~' ? c : ' ')).Trim().TrimEnd('.');
}
