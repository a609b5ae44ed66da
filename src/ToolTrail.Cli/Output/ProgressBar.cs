using System.Globalization;

namespace ToolTrail.Cli.Output;

/// <summary>How far something has come, in one line of standard error, if that is a terminal; gone when it is done. Safe for use by several threads.</summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly long _total;
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _done;
    private long _shownAt;

    /// <param name="total">Bytes in all.</param>
    public ProgressBar(long total)
    {
        _total = Math.Max(1, total);
    }

    /// <summary>Goes on by some bytes.</summary>
    public void Advance(long bytes)
    {
        lock (_gate)
        {
            _done += bytes;
            if (!_isShown || TimeProvider.System.GetElapsedTime(_shownAt) < Interval)
                return;
            _shownAt = TimeProvider.System.GetTimestamp();
            var share = Math.Min(1.0, (double)_done / _total);
            var bar = new string('#', (int)(share * Width)).PadRight(Width, '.');
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{bar}] {share * 100:0} %  {_done / 1e6:0} of {_total / 1e6:0} MB "));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isShown && _shownAt != 0)
            Console.Error.Write($"\r{new string(' ', Width + 40)}\r");
    }
}
