using System.Buffers.Text;
using System.Text;

namespace ToolTrail.Records;

/// <summary>Secrets that are known by their shape alone, wherever they stand.</summary>
internal static class SecretShapes
{
    // Tokens of clouds and forges: prefix, and how many characters must follow at least.
    private static readonly (string Prefix, int Tail)[] Prefixes =
    [
        ("AKIA", 16), ("ASIA", 16), ("AIza", 30), ("ya29.", 20), ("GOCSPX-", 20),
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20),
        ("glpat-", 16), ("gldt-", 16), ("glrt-", 16), ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10), ("xoxs-", 10), ("xapp-", 10),
        ("sk-", 20), ("sk_live_", 10), ("sk_test_", 10), ("rk_live_", 10), ("rk_test_", 10), ("whsec_", 16),
        ("npm_", 30), ("pypi-", 30), ("hf_", 20), ("dop_v1_", 30), ("shpat_", 20), ("SG.", 30), ("dckr_pat_", 20), ("tfp_", 30), ("nvapi-", 20),
        // Our own API keys.
        ("tt_", 56),
    ];

    // Words that follow "bearer" in prose.
    private static readonly string[] BearerProse = ["token", "tokens", "auth", "authentication", "authorization", "scheme", "header", "headers"];

    /// <summary>What every shape contains, whatever the case.</summary>
    public static IEnumerable<string> Triggers => [.. Prefixes.Select(p => p.Prefix), "bearer", "basic", "eyJ", "-----BEGIN", "://"];

    /// <summary>Looks whether a shape stands where a trigger was found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hit">Where the trigger stands.</param>
    /// <param name="seen">Nothing before it is looked at.</param>
    /// <returns>The secret; empty when there is none.</returns>
    public static TextRange Match(ReadOnlySpan<char> text, int hit, int seen)
    {
        var here = text[hit..];
        if (here.StartsWith("://", StringComparison.Ordinal))
            return UrlPassword(text, hit, seen);
        if (here.StartsWith("-----BEGIN", StringComparison.Ordinal))
            return PrivateKey(text, hit);
        // Only where a token begins: this also keeps a run of prefixes from being looked at again for each.
        if (hit > 0 && IsTokenCharacter(text[hit - 1]))
            return default;
        if (here.StartsWith("bearer", StringComparison.OrdinalIgnoreCase))
            return Bearer(text, hit + 6);
        if (here.StartsWith("basic", StringComparison.OrdinalIgnoreCase))
            return Basic(text, hit + 5);
        if (here.StartsWith("eyJ", StringComparison.Ordinal))
            return WebToken(text, hit);
        foreach (var (prefix, tail) in Prefixes)
        {
            if (here.StartsWith(prefix, StringComparison.Ordinal) && TokenEnd(text, hit) is var end && end - hit >= prefix.Length + tail)
                return new TextRange(hit, end);
        }

        return default;
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static int TokenEnd(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && (IsTokenCharacter(text[end]) || text[end] is '.' or '+' or '/' or '=' or '~'))
            end++;
        // A sentence's end is none of the token.
        return end > start && text[end - 1] == '.' ? end - 1 : end;
    }

    private static int AfterBlanks(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at == start ? -1 : at;
    }

    private static TextRange Bearer(ReadOnlySpan<char> text, int at)
    {
        var start = AfterBlanks(text, at);
        if (start < 0)
            return default;
        var end = TokenEnd(text, start);
        if (end - start < 6)
            return default;
        foreach (var word in BearerProse)
        {
            if (text[start..end].Equals(word, StringComparison.OrdinalIgnoreCase))
                return default;
        }

        return new TextRange(start, end);
    }

    // Base64 of user:password, and nothing else: "basic" is a word of prose too.
    private static TextRange Basic(ReadOnlySpan<char> text, int at)
    {
        var start = AfterBlanks(text, at);
        if (start < 0)
            return default;
        var end = TokenEnd(text, start);
        if (end - start is < 4 or > 4096)
            return default;
        Span<byte> decoded = stackalloc byte[4096];
        Span<byte> encoded = stackalloc byte[4100];
        var length = Encoding.ASCII.GetBytes(text[start..end], encoded);
        while (length % 4 != 0)
            encoded[length++] = (byte)'=';
        var isPair = Base64.DecodeFromUtf8(encoded[..length], decoded, out _, out var written) == System.Buffers.OperationStatus.Done
            && decoded[..written].Contains((byte)':');
        return isPair ? new TextRange(start, end) : default;
    }

    // header.payload.signature, the signature possibly empty.
    private static TextRange WebToken(ReadOnlySpan<char> text, int hit)
    {
        var end = hit;
        var dots = 0;
        while (end < text.Length && (IsTokenCharacter(text[end]) || (text[end] == '.' && dots < 4)))
            dots += text[end++] == '.' ? 1 : 0;
        var firstDot = text[hit..end].IndexOf('.');
        return firstDot >= 8 && end - hit - firstDot > 4 ? new TextRange(hit, end) : default;
    }

    // To the end mark, or to the end of the text: a key that was cut is still a key.
    private static TextRange PrivateKey(ReadOnlySpan<char> text, int hit)
    {
        var label = text.Slice(hit, Math.Min(80, text.Length - hit));
        if (!label.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return default;
        var end = text[(hit + 10)..].IndexOf("-----END", StringComparison.Ordinal);
        if (end < 0)
            return new TextRange(hit, text.Length);
        end += hit + 10;
        var close = text[(end + 8)..].IndexOf("-----", StringComparison.Ordinal);
        return new TextRange(hit, close is < 0 or > 80 ? text.Length : end + 8 + close + 5);
    }

    // scheme://user:pass@host: the password alone.
    private static TextRange UrlPassword(ReadOnlySpan<char> text, int hit, int seen)
    {
        if (hit <= seen || !char.IsAsciiLetterOrDigit(text[hit - 1]))
            return default;
        var start = hit + 3;
        var end = start;
        // The last @ of the authority ends the password: people put @ into passwords unencoded.
        var (colon, at) = (-1, -1);
        for (; end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('/' or '?' or '#' or '"' or '\'' or '`' or '<' or '>' or '\\'); end++)
        {
            if (text[end] == ':' && colon < 0)
                colon = end;
            else if (text[end] == '@')
                at = end;
        }

        return colon >= 0 && at > colon + 1 ? new TextRange(colon + 1, at) : default;
    }
}
