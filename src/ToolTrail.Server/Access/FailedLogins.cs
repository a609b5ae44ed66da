using System.Net;
using System.Net.Sockets;

namespace ToolTrail.Server.Access;

/// <summary>
/// Counts failed logins by remote address, in windows of one minute. A good key always passes: keys cannot be guessed anyway, and whoever shares an
/// address with somebody who fails must not be locked out. What the limit bounds is the work and the log that failing costs.
/// </summary>
/// <remarks>Safe for use by several threads; remembers at most 10,000 addresses.</remarks>
internal sealed class FailedLogins
{
    /// <summary>Failures of an address in a window that are answered as such.</summary>
    public const int Limit = 10;

    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _counts = [];
    private DateTimeOffset _windowEnd;

    public FailedLogins(TimeProvider timeProvider) => _timeProvider = timeProvider;

    /// <summary>Counts a failure.</summary>
    /// <returns>How many over the limit this one is, and when the window ends.</returns>
    public (int Over, TimeSpan RetryAfter) Add(IPAddress address)
    {
        lock (_lock)
        {
            var now = _timeProvider.GetUtcNow();
            if (now >= _windowEnd)
            {
                _counts.Clear();
                _windowEnd = now + Window;
            }

            var key = Network(address);
            // Whoever fails from that many addresses is one attacker: the late ones share a count.
            if (_counts.Count >= MostAddresses && !_counts.ContainsKey(key))
                key = IPAddress.None;
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            return (Math.Max(_counts[key] - Limit, 0), _windowEnd - now);
        }
    }

    // An IPv6 host has a whole /64 to call from.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
