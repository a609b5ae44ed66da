namespace ToolTrail.Home;

/// <summary>
/// The configuration file, looked at each second: file events are lost on network file systems and in containers, and the file is small. A change
/// counts once it was seen the same twice, so that one half written is not taken.
/// </summary>
internal sealed class ConfigurationFile : IDisposable
{
    private const int MostBytes = 1024 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    private readonly string _path;
    private readonly Lock _gate = new();
    private Look _taken;
    private Look _seen;
    private ITimer? _timer;

    /// <param name="path">Its path.</param>
    /// <exception cref="TrailConfigurationException">It is there and cannot be read.</exception>
    public ConfigurationFile(string path)
    {
        _path = path;
        _taken = _seen = LookAt();
        if (_taken.Problem is { } problem)
            throw new TrailConfigurationException(problem);
    }

    /// <summary>What it held when it was last taken; <c>null</c>: there was none.</summary>
    public byte[]? Content => _taken.Content;

    /// <summary>Begins to look for changes.</summary>
    /// <param name="time">Drives the looking.</param>
    /// <param name="changed">Told what it holds now; <c>null</c>: it is gone.</param>
    /// <param name="unreadable">Told why it cannot be read.</param>
    public void Follow(TimeProvider time, Action<byte[]?> changed, Action<string> unreadable)
    {
        lock (_gate)
            _timer = time.CreateTimer(_ => LookAgain(changed, unreadable), null, Period, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void LookAgain(Action<byte[]?> changed, Action<string> unreadable)
    {
        lock (_gate)
        {
            if (_timer is null)
                return;
            var now = LookAt();
            var settled = now.Equals(_seen);
            _seen = now;
            if (settled && !now.Equals(_taken))
            {
                _taken = now;
                if (now.Problem is { } problem)
                    unreadable(problem);
                else
                    changed(now.Content);
            }

            _timer.Change(settled ? Period : Settling, Timeout.InfiniteTimeSpan);
        }
    }

    private Look LookAt()
    {
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes)
                return new Look(null, $"'{_path}' is larger than {MostBytes / 1024} KiB.");
            var content = new byte[file.Length];
            return new Look(content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)], null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Look(null, $"'{_path}' cannot be read: {e.Message}");
        }
    }

    private readonly record struct Look(byte[]? Content, string? Problem)
    {
        public bool Equals(Look other) =>
            Problem == other.Problem && Content is null == other.Content is null && Content.AsSpan().SequenceEqual(other.Content);

        public override int GetHashCode() => Content?.Length ?? 0;
    }
}
