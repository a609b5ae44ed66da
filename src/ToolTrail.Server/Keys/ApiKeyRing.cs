using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;

namespace ToolTrail.Server.Keys;

/// <summary>The keys that a running server accepts. Looks at the file every second; a file that cannot be read leaves the keys as they were.</summary>
internal sealed partial class ApiKeyRing : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];
    private readonly ApiKeyFile _file;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<ApiKeyRing> _logger;
    private readonly Lock _reload = new();
    private byte[]? _bytes;
    private volatile FrozenDictionary<string, HeldKey> _keys = FrozenDictionary<string, HeldKey>.Empty;

    /// <exception cref="ApiKeyException">The file cannot be read.</exception>
    public ApiKeyRing(TrailHome home, TimeProvider timeProvider, ILogger<ApiKeyRing> logger)
    {
        _file = new ApiKeyFile(home, timeProvider);
        _timeProvider = timeProvider;
        _logger = logger;
        Reload();
    }

    /// <summary>What is wrong with the file as it stands now; <c>null</c>: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>The key with this text, if it is valid now.</summary>
    /// <remarks>Takes as long for an id that there is not as for a wrong secret.</remarks>
    public HeldKey? Find(string text)
    {
        var held = ApiKeyText.TryGetId(text, out var id) ? _keys.GetValueOrDefault(id) : null;
        var equal = CryptographicOperations.FixedTimeEquals(ApiKeyText.Hash(text), held?.Hash ?? NoHash);
        return equal && held is not null && held.Key.IsValidAt(_timeProvider.GetUtcNow()) ? held : null;
    }

    /// <summary>Takes the file as it stands now.</summary>
    /// <exception cref="ApiKeyException">It cannot be read; the keys stay as they were.</exception>
    public void Reload()
    {
        lock (_reload)
        {
            var bytes = _file.ReadBytes();
            var now = _timeProvider.GetUtcNow();
            if (bytes.AsSpan().SequenceEqual(_bytes) && _keys.Values.All(held => held.Key.IsValidAt(now)))
                return;
            Replace(_file.Parse(bytes).Where(key => key.IsValidAt(now)));
            _bytes = bytes;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _timeProvider);
        // Ends without an exception: a host that could not start would report it.
        await using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                Reload();
                Problem = null;
            }
            catch (ApiKeyException exception)
            {
                // Told once: the same file is looked at every second.
                if (Problem != exception.Message)
                    LogUnreadable(exception.Message);
                Problem = exception.Message;
            }
        }
    }

    private void Replace(IEnumerable<ApiKey> valid)
    {
        var before = _keys;
        var after = new Dictionary<string, HeldKey>();
        foreach (var key in valid)
            after[key.Id] = before.TryGetValue(key.Id, out var held) && Same(held.Key, key) ? held : new HeldKey(key);
        _keys = after.ToFrozenDictionary();
        LogKeys(after.Count);
        foreach (var held in before.Values.Where(held => !after.ContainsValue(held)))
            held.Dispose();
    }

    // Record equality compares the list of users by reference.
    private static bool Same(ApiKey one, ApiKey other) => one.Users.SequenceEqual(other.Users) && one with { Users = other.Users } == other;

    [LoggerMessage(LogLevel.Information, "Valid keys: {Count}.")]
    private partial void LogKeys(int count);

    [LoggerMessage(LogLevel.Error, "{Message} The keys stay as they were.")]
    private partial void LogUnreadable(string message);
}
