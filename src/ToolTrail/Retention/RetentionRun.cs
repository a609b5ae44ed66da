using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>Compresses and removes closed parts as the configuration says.</summary>
internal sealed class RetentionRun
{
    private readonly SealingContext _context;
    private readonly RetentionSettings _settings;
    private readonly DateOnly _today;

    public RetentionRun(SealingContext context, RetentionSettings settings)
    {
        (_context, _settings) = (context, settings);
        _today = context.Home.DayOf(context.Time.GetUtcNow());
    }

    /// <summary>Whether something is to be done with a closed part.</summary>
    public bool IsDue(string user, PartName part) => IsOver(user, part) is not null || MustCompress(part);

    /// <summary>Does it, unless another process has hold of the part.</summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="part">The part.</param>
    /// <param name="cancellationToken">Ends it in the middle; the part is as it was then.</param>
    public void Apply(string user, PartName part, CancellationToken cancellationToken)
    {
        using var closed = ClosedPart.TryHold(_context, part);
        if (closed is null)
            return;
        if (IsOver(user, part) is { } days)
            closed.Remove($"retention of {days} days");
        else if (MustCompress(part))
            closed.Compress(cancellationToken);
    }

    private int? IsOver(string user, PartName part) => _settings.DaysOf(user) is { } days && _today.DayNumber - part.File.Day.DayNumber > days ? days : null;

    private bool MustCompress(PartName part) =>
        _settings.CompressAfterDays is { } days && _today.DayNumber - part.File.Day.DayNumber > days && File.Exists(new PartFiles(_context.Home, part).Lines);
}
