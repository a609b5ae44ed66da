using System.Collections.Concurrent;
using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Verification;

namespace ToolTrail.Server.AgentView;

/// <summary>What verification says of a user's last days, asked often: a verdict serves for a minute. Safe for use by several threads.</summary>
internal sealed class TrailVerdicts : IDisposable
{
    private const int MostRemembered = 1000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    private readonly TrailHome _home;
    private readonly TrailVerifier _verifier;
    private readonly SealLog _log;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string? User, int Days), ShortVerdict> _known = [];
    private readonly SemaphoreSlim _turn = new(1);

    public TrailVerdicts(TrailHome home, TrailVerifier verifier, SealLog log, TimeProvider time)
    {
        _home = home;
        _verifier = verifier;
        _log = log;
        _time = time;
    }

    /// <summary>The verdict on a user's last days.</summary>
    /// <param name="user">Whose; <c>null</c>: all users'.</param>
    /// <param name="days">Calendar days, today included.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ShortVerdict> OfAsync(string? user, int days, CancellationToken cancellationToken)
    {
        if (Known(user, days) is { } known)
            return known;
        if (_known.Count >= MostRemembered)
            _known.Clear();
        // It reads everything and takes every core: one at a time, and whoever waits for the same takes the same.
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => MakeInTurn(user, days), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private ShortVerdict? Known(string? user, int days) =>
        _known.TryGetValue((user, days), out var known) && _time.GetUtcNow() - known.Time < GoodFor ? known : null;

    // The turn ends with the verification, and not with the patience of whoever asked for it.
    private ShortVerdict MakeInTurn(string? user, int days)
    {
        try
        {
            return Known(user, days) ?? (_known[(user, days)] = Make(user, days));
        }
        finally
        {
            _turn.Release();
        }
    }

    private ShortVerdict Make(string? user, int days)
    {
        var now = _time.GetUtcNow();
        if (_log.ReadVerifierKey() is not { } key)
            return new ShortVerdict(now, null);
        var options = new VerifyOptions { User = user, From = _home.DayOf(now).AddDays(1 - days), Keys = [key] };
        var verdict = _verifier.Verify(options);
        return new ShortVerdict(now, verdict);
    }
}
