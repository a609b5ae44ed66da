namespace ToolTrail.Records;

/// <summary>
/// Names whose values are secret. A listed name matches as whole words of a snake, kebab, dotted or camel name, whatever the case:
/// <c>api_key</c> is found in <c>OPENAI_API_KEY</c>, <c>x-api-key</c> and <c>apiKey</c>, and <c>token</c> is not found in <c>tokenizer</c>.
/// </summary>
internal sealed class SecretNames
{
    /// <summary>Longest listed name, in characters; of a longer one met in data, the end is looked at.</summary>
    public const int LongestName = 128;

    private static readonly string[] BuiltIn =
    [
        "password", "passwords", "passwd", "pwd", "passphrase", "passcode", "secret", "secrets", "token", "api_key", "api_keys", "apikey", "authorization",
        "cookie", "cookies", "private_key", "privatekey", "client_secret", "access_key", "accesskey", "secret_key", "secretkey", "signing_key",
        "encryption_key", "account_key", "credential", "credentials", "connection_string",
    ];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _mostWords = 1;

    /// <param name="more">Names beside the built-in ones.</param>
    public SecretNames(IEnumerable<string> more)
    {
        Span<char> words = stackalloc char[2 * LongestName];
        foreach (var name in BuiltIn.Concat(more))
        {
            var length = Words(name, words, out var count);
            if (count == 0)
                throw new ArgumentException($"The redaction name '{name}' has no letter or digit, or more than {LongestName} characters.", nameof(more));
            _names.Add(new string(words[..length]));
            _mostWords = Math.Max(_mostWords, count);
        }

        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What any name that matches must contain, whatever the case: the last word of each listed name.</summary>
    public IEnumerable<string> Triggers => _names.Select(name => name[(name.LastIndexOf('_') + 1)..]).Distinct(StringComparer.Ordinal);

    /// <summary>Whether a name's value is secret.</summary>
    public bool Contains(ReadOnlySpan<char> name)
    {
        Span<char> words = stackalloc char[2 * LongestName];
        var length = Words(name[^Math.Min(name.Length, LongestName)..], words, out var count);
        if (count == 0)
            return false;

        // Every run of whole words, of as many words as the longest listed name has.
        ReadOnlySpan<char> joined = words[..length];
        for (var start = 0; start < joined.Length;)
        {
            var end = start;
            for (var taken = 0; taken < _mostWords && end < joined.Length; taken++)
            {
                var next = joined[(end + (taken > 0 ? 1 : 0))..].IndexOf('_');
                end = next < 0 ? joined.Length : end + (taken > 0 ? 1 : 0) + next;
                if (_lookup.Contains(joined[start..end]))
                    return true;
            }

            var separator = joined[start..].IndexOf('_');
            start = separator < 0 ? joined.Length : start + separator + 1;
        }

        return false;
    }

    // The words in lower case, joined by '_': "XApiKey-2" is "x_api_key_2".
    private static int Words(ReadOnlySpan<char> name, Span<char> output, out int count)
    {
        (count, var length) = (0, 0);
        if (name.Length > LongestName)
            return 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsLetterOrDigit(name[i]))
                continue;
            if (i == 0 || StartsWord(name, i))
            {
                if (count++ > 0)
                    output[length++] = '_';
            }

            output[length++] = char.ToLowerInvariant(name[i]);
        }

        return length;
    }

    private static bool StartsWord(ReadOnlySpan<char> name, int i)
    {
        var (before, here) = (name[i - 1], name[i]);
        if (!char.IsLetterOrDigit(before) || char.IsDigit(before) != char.IsDigit(here))
            return true;
        return char.IsUpper(here) && (!char.IsUpper(before) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
    }
}
