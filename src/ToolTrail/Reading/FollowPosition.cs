namespace ToolTrail.Reading;

/// <summary>
/// Where following goes on: in each day file, behind what was seen. A file that it does not name is read from its beginning. Kept as an
/// opaque text (<see cref="ToString"/>, <see cref="Parse"/>) between runs; the text grows with the number of files, about 10 characters each.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class FollowPosition
{
    private FollowPosition()
    {
    }

    /// <summary>Behind everything that is there when following starts.</summary>
    public static FollowPosition End { get; } = new();

    /// <summary>Before the first record that is there.</summary>
    public static FollowPosition Start { get; } = new();

    /// <summary>Reads the text of a position.</summary>
    /// <param name="text">As <see cref="ToString"/> gives it; also <c>start</c> and <c>end</c>.</param>
    /// <exception cref="InvalidCursorException">The text is no position.</exception>
    public static FollowPosition Parse(string text) => throw new NotImplementedException();

    /// <summary>Whether a record stands before this position, so that following from it does not yield that record.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="End"/>, which is no place yet: take <see cref="TrailReader.ReadEndAsync"/>.</exception>
    public bool IsBehind(RecordPosition record) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override string ToString() => throw new NotImplementedException();
}
