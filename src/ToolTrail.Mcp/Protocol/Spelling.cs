using System.Text.Json;

namespace ToolTrail.Mcp.Protocol;

/// <summary>Notices a member that stands there in two spellings: servers differ in which of the two they take.</summary>
internal struct Spelling
{
    private bool _isSeen;
    private bool _isExact;

    /// <summary>Whether there were two.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Whether the reader stands on the member, which is then noted.</summary>
    public bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.NameIs(name))
            return false;
        var isExact = reader.NameIsExactly(name);
        IsAmbiguous |= _isSeen && !(_isExact && isExact);
        (_isSeen, _isExact) = (true, isExact);
        return true;
    }
}
