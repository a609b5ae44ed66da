using System.Buffers;

namespace ToolTrail.Recording;

/// <summary>How deep in JSON one is, fed byte by byte: enough to find where values end, without checking them.</summary>
internal struct JsonNesting
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],"u8);

    private bool _isEscaped;

    /// <summary>Objects and arrays that are open. What closes none counts for nothing.</summary>
    public long Depth { get; private set; }

    /// <summary>Whether a string is open.</summary>
    public bool IsInString { get; private set; }

    /// <summary>Goes through bytes.</summary>
    /// <param name="json">The next bytes.</param>
    public void Pass(ReadOnlySequence<byte> json)
    {
        foreach (var memory in json)
        {
            var span = memory.Span;
            for (var at = 0; at < span.Length;)
                at += PassSome(span[at..], out _);
        }
    }

    /// <summary>Goes through bytes up to a comma or <c>]</c> that stands outside of everything.</summary>
    /// <param name="json">The next bytes.</param>
    /// <param name="separator">Its offset.</param>
    /// <returns>False when there is none: all bytes were gone through.</returns>
    public bool TryPassToSeparator(ReadOnlySequence<byte> json, out long separator)
    {
        separator = 0;
        foreach (var memory in json)
        {
            var span = memory.Span;
            for (var at = 0; at < span.Length;)
            {
                var length = PassSome(span[at..], out var isSeparator);
                at += length;
                separator += length;
                if (!isSeparator)
                    continue;
                separator--;
                return true;
            }
        }

        return false;
    }

    // Up to the next byte that matters, which is gone through too.
    private int PassSome(ReadOnlySpan<byte> json, out bool isSeparator)
    {
        isSeparator = false;
        if (_isEscaped)
        {
            _isEscaped = false;
            return 1;
        }

        var stop = IsInString ? json.IndexOfAny((byte)'"', (byte)'\\') : json.IndexOfAny(Structure);
        if (stop < 0)
            return json.Length;
        switch (json[stop])
        {
            case (byte)'"':
                IsInString = !IsInString;
                break;
            case (byte)'\\':
                _isEscaped = true;
                break;
            case (byte)'{' or (byte)'[':
                Depth++;
                break;
            case (byte)',':
                isSeparator = Depth == 0;
                break;
            case (byte)']' when Depth == 0:
                isSeparator = true;
                break;
            default:
                Depth = Math.Max(0, Depth - 1);
                break;
        }

        return stop + 1;
    }
}
