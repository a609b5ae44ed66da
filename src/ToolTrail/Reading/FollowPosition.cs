namespace ToolTrail.Reading;

/// <summary>Where following goes on: in each file, behind what was seen. Kept as an opaque text between runs.</summary>
public sealed class FollowPosition
{
    private FollowPosition()
    {
    }

    /// <summary>Behind everything that is there when following starts.</summary>
    public static FollowPosition End { get; } = new();

    /// <summary>Before the first record that is there.</summary>
    public static FollowPosition Start { get; } = new();
}
