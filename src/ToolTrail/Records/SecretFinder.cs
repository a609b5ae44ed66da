using System.Text.RegularExpressions;

namespace ToolTrail.Records;

/// <summary>
/// Finds secrets in text: by a listed name before them (<c>PASSWORD=x</c>, <c>"secret": "x"</c>, <c>--token x</c>), by their shape, by the
/// user's own patterns. Time is linear in the text's length. Safe for use by several threads.
/// </summary>
internal sealed class SecretFinder
{
    /// <summary>What a secret becomes.</summary>
    public const string Mark = "[redacted]";

    private readonly SecretNames _names;
    private readonly WordSearch _triggers;
    private readonly Regex[] _patterns;

    /// <exception cref="ArgumentException">A name is empty, or a pattern is not a regular expression that runs in linear time.</exception>
    public SecretFinder(RedactionSettings settings)
    {
        _names = new SecretNames(settings.Names);
        _triggers = new WordSearch(
        [
            .. _names.Triggers.Select(text => new Word(text, WordKinds.Name)), .. SecretShapes.Triggers.Select(text => new Word(text, WordKinds.Shape)),
        ]);
        _patterns = [.. settings.Patterns.Select(Compile)];
    }

    /// <summary>Whether the value of a member is secret because of its name.</summary>
    public bool IsSecretName(ReadOnlySpan<char> name) => _triggers.IndexOf(name, out _) >= 0 && _names.Contains(name);

    /// <summary>Whether there may be a secret in UTF-8 text: a cheap look, so that most texts need no other.</summary>
    public bool MayFindIn(ReadOnlySpan<byte> utf8) => _patterns.Length > 0 || _triggers.MayStandIn(utf8);

    /// <summary>Finds the secrets in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Cleared, then receives where they are: in order, not overlapping, none empty.</param>
    public void Find(ReadOnlySpan<char> text, List<TextRange> found)
    {
        found.Clear();
        FindBuiltIn(text, found);
        if (_patterns.Length == 0)
            return;
        foreach (var pattern in _patterns)
        {
            foreach (var match in pattern.EnumerateMatches(text))
                found.Add(new TextRange(match.Index, match.Index + match.Length));
        }

        Merge(found);
    }

    private void FindBuiltIn(ReadOnlySpan<char> text, List<TextRange> found)
    {
        // Everything before `seen` was looked at: no part of the text is looked at twice, so that the whole takes linear time.
        for (var seen = 0; seen < text.Length;)
        {
            var further = _triggers.IndexOf(text[seen..], out var kinds);
            if (further < 0)
                return;
            var hit = seen + further;
            var next = hit + 1;
            var range = kinds.HasFlag(WordKinds.Shape) ? SecretShapes.Match(text, hit, seen) : default;
            if (range.IsEmpty && kinds.HasFlag(WordKinds.Name))
                range = SecretAssignment.Match(text, hit, seen, _names, out next);
            if (!range.IsEmpty)
            {
                found.Add(range);
                next = range.End;
            }

            seen = next;
        }
    }

    private static void Merge(List<TextRange> found)
    {
        found.RemoveAll(range => range.IsEmpty);
        found.Sort((a, b) => a.Start.CompareTo(b.Start));
        for (var i = found.Count - 1; i > 0; i--)
        {
            if (found[i - 1].End < found[i].Start)
                continue;
            // A range may reach over several that follow it.
            found[i - 1] = new TextRange(found[i - 1].Start, Math.Max(found[i - 1].End, found[i].End));
            found.RemoveAt(i);
            i = Math.Min(i + 1, found.Count);
        }
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"The redaction pattern '{pattern}' cannot be used: {e.Message}", nameof(pattern), e);
        }
    }
}

/// <summary>A part of a text.</summary>
internal readonly record struct TextRange(int Start, int End)
{
    public bool IsEmpty => End <= Start;
}
