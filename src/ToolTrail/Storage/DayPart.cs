using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>A part of a day, open for appending. Used under its folder's lock alone.</summary>
internal sealed class DayPart : IDisposable
{
    private const int TailWindow = 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly FileIdentity _identity;
    private readonly string _path;

    private DayPart(string path, DayFileName name, SafeFileHandle file)
    {
        _path = path;
        _file = file;
        File = PartBytes.Of(file);
        _identity = NativeFile.System.Identity(file);
        Name = name;
    }

    /// <summary>Day and part.</summary>
    public DayFileName Name { get; }

    /// <summary>Bytes that are known to be whole lines: where the next line goes.</summary>
    public long Length { get; private set; }

    /// <summary>Whether something was appended since the last sync.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Whether a sync, or taking back what failed, failed: it is not written to again.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Bytes that were on disk at the last sync, or there when it was opened.</summary>
    public long SyncedLength { get; private set; }

    /// <summary>The file, for reading.</summary>
    public PartBytes File { get; }

    /// <summary>Opens a part, made if it is not there.</summary>
    /// <param name="folder">The <c>tool_audit</c> folder.</param>
    /// <param name="name">Day and part.</param>
    /// <param name="created">Whether it was made: then the folder has to be synced too.</param>
    public static DayPart Open(string folder, DayFileName name, out bool created)
    {
        var path = Path.Combine(folder, name.ToString());
        created = NativeFile.System.Identity(path) is null;
        return new DayPart(path, name, NativeFile.System.OpenAppend(path));
    }

    /// <summary>
    /// Looks at what stands in the file before the first append: behind <paramref name="trusted"/> line by line, where a process that died
    /// recorded; else at its end alone, for bytes that only a torn write leaves.
    /// </summary>
    /// <param name="trusted">Up to where the lines were whole when a dead process began; <c>null</c>: none died here.</param>
    /// <param name="length">The file's length.</param>
    /// <returns>Where the file is torn; its length when it is not.</returns>
    public long FirstLook(long? trusted, out long length)
    {
        length = RandomAccess.GetLength(_file);
        if (trusted is { } from)
            return LineScanner.FindTorn(File, Math.Min(from, length), length);

        var start = Math.Max(0, length - TailWindow);
        if (start > 0 && LineScanner.EndOfLine(File, start - 1, length) is var next)
            start = next < 0 ? length : next;
        var tail = new byte[length - start];
        LineScanner.ReadFully(File, tail, start);
        var nul = tail.AsSpan().IndexOf((byte)0);
        if (nul >= 0)
            return start + tail.AsSpan(0, nul).LastIndexOf((byte)'\n') + 1;
        return tail.Length == 0 || tail[^1] == '\n' ? length : start + tail.AsSpan().LastIndexOf((byte)'\n') + 1;
    }

    /// <summary>Takes everything up to a place as whole.</summary>
    public void Trust(long length) => (Length, SyncedLength) = (length, length);

    /// <summary>Whether the path still is this file, and the file not shorter than what was written to it.</summary>
    public bool IsIntact() => NativeFile.System.Identity(_path) == _identity && RandomAccess.GetLength(_file) >= Length;

    /// <summary>Takes in what other processes appended behind <see cref="Length"/>.</summary>
    /// <param name="whole">Told the whole lines.</param>
    /// <param name="length">The file's length.</param>
    /// <returns>Where the file is torn; its length when it is not.</returns>
    public long Absorb(LineScanner.LinesFound whole, out long length)
    {
        length = RandomAccess.GetLength(_file);
        if (length > Length)
            Length = LineScanner.FindTorn(File, Length, length, whole);
        return Length;
    }

    /// <summary>Gives the file's last line the LF that it lacks.</summary>
    public void EndLine(long length)
    {
        Length = length;
        Append("\n"u8);
    }

    /// <summary>Takes back a batch that failed, as far as it got. After a failure the part is broken.</summary>
    public void TakeBack(long length)
    {
        if (RandomAccess.GetLength(_file) > length)
            Truncate(length);
    }

    /// <summary>Appends whole lines.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        NativeFile.System.WriteAll(_file, lines);
        Length += lines.Length;
        IsDirty |= !lines.IsEmpty;
    }

    /// <summary>Brings everything to the disk. After a failure the part is broken.</summary>
    public void Sync()
    {
        try
        {
            NativeFile.System.Sync(_file);
        }
        catch (IOException e)
        {
            IsBroken = true;
            throw new SyncFailedException($"'{_path}': {e.Message}", e);
        }

        SyncedLength = Length;
        IsDirty = false;
    }

    /// <summary>Makes the next sync include this file: somebody is told that a line of it is on disk, whoever wrote it.</summary>
    public void MarkDirty() => IsDirty = true;

    /// <summary>Takes back everything behind a place. After a failure the part is broken.</summary>
    public void Truncate(long length)
    {
        var broken = IsBroken;
        IsBroken = true;
        RandomAccess.SetLength(_file, length);
        (IsBroken, Length) = (broken, length);
    }

    public void Dispose() => _file.Dispose();
}
