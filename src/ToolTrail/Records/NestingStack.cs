namespace ToolTrail.Records;

/// <summary>Which of the JSON values that are open are objects and which arrays: a bit a level, however deep.</summary>
internal struct NestingStack
{
    private const int Bits = 64;

    // The innermost levels, the last in the lowest bit; those outside of them are saved by 64.
    private ulong _inner;
    private ulong[]? _saved;

    /// <summary>Values that are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the innermost is an object.</summary>
    public readonly bool IsInObject => (_inner & 1) != 0;

    public void Push(bool isObject)
    {
        if (Depth > 0 && Depth % Bits == 0)
            Save();
        _inner = (_inner << 1) | (isObject ? 1UL : 0);
        Depth++;
    }

    public void Pop()
    {
        Depth--;
        _inner = Depth > 0 && Depth % Bits == 0 ? _saved![(Depth / Bits) - 1] : _inner >> 1;
    }

    private void Save()
    {
        var at = (Depth / Bits) - 1;
        if (_saved is null || at == _saved.Length)
            Array.Resize(ref _saved, Math.Max(4, at * 2));
        _saved[at] = _inner;
    }
}
