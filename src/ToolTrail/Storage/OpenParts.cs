using System.Globalization;

namespace ToolTrail.Storage;

/// <summary>The day files of a user that are open for appending, whole up to their ends. Used under the folder's lock alone.</summary>
internal sealed class OpenParts : IDisposable
{
    // Today, and room for what comes late or from elsewhere.
    private const int MostKept = 3;

    private readonly StoreContext _context;
    private readonly string _user;
    private readonly string _userFolder;
    private readonly List<DayPart> _parts = [];
    private readonly Dictionary<DateOnly, OutcomeWindow> _windows = [];
    private readonly TornTails _tails;

    // What the trail has to tell once a next part was begun.
    private string? _alarm;

    public OpenParts(StoreContext context, string user)
    {
        _context = context;
        _user = user;
        _userFolder = context.Home.UserFolder(user);
        Path = context.Home.AuditPath(_userFolder);
        _tails = new TornTails(context, user);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether files were made since the folder was synced.</summary>
    public bool HasNewFiles { get; set; }

    /// <summary>The part of a day that is written to: its highest one, looked at for what others appended, and for a torn tail.</summary>
    public DayPart Current(DateOnly day)
    {
        var part = _parts.Find(p => p.Name.Day == day);
        if (part is not null && !part.IsIntact())
        {
            // A part that was closed may have been rewritten or removed since.
            if (_context.Guard?.ObjectionTo(new PartName(_userFolder, part.Name), LengthOf(part.Name)) is not { IsAlarm: false })
            {
                _context.Logger.FileReplaced(_user, part.Name.ToString());
                _alarm = $"{part.Name}: it was replaced, deleted or shortened by somebody else";
            }

            End(part);
            part = null;
        }

        if (part is not null && Exists(part.Name with { Part = part.Name.Part + 1 }))
        {
            Close(part);
            part = null;
        }

        if (part is not null && _context.Guard?.FoundIn(new PartName(_userFolder, part.Name)) is { } objection)
        {
            Note(part.Name, objection);
            End(part);
            part = null;
        }

        if (part is null)
            return OpenLast(day);
        var torn = part.Absorb(lines => _windows.GetValueOrDefault(day)?.Add(lines), out var length);
        if (torn < length && _tails.ObjectionTo(part, torn) is { } found)
        {
            Note(part.Name, found);
            End(part);
            return OpenLast(day);
        }

        if (torn < length)
            Repair(part, torn, length);
        return part;
    }

    /// <summary>Appends a batch's lines of one day, but those that are there already.</summary>
    /// <param name="part">The day's part.</param>
    /// <param name="batch">The lines.</param>
    /// <param name="firstRun">Index of the day's first run.</param>
    public void Append(DayPart part, LineBatch batch, int firstRun)
    {
        var day = part.Name.Day;
        var (start, end) = (0, 0);
        for (var i = firstRun; i < batch.Runs.Count; i++)
        {
            var run = batch.Runs[i];
            if (run.Day != day)
                continue;
            var lines = batch.Bytes(run.Start, run.Length);
            var window = run.MayRepeat ? Window(day) : _windows.GetValueOrDefault(day);
            if (run.MayRepeat && window!.Contains(lines))
            {
                part.MarkDirty();
                continue;
            }

            window?.Add(lines);
            if (run.Start != end)
            {
                part.Append(batch.Bytes(start, end - start));
                start = run.Start;
            }

            end = run.Start + run.Length;
        }

        part.Append(batch.Bytes(start, end - start));
    }

    /// <summary>Appends a line of the recorder's own.</summary>
    public void AppendOwn(DayPart part, ReadOnlySpan<byte> line)
    {
        part.Append(line);
        _windows.GetValueOrDefault(part.Name.Day)?.Add(line);
    }

    /// <summary>Whether a part is there, and is the one that would be appended to.</summary>
    public bool IsWritable(DayFileName part) => HighestPart(part.Day) == part.Part && _context.Ended.FirstOpen(_userFolder, part.Day, part.Part) == part.Part
        && LengthOf(part) is { } length && _context.Guard?.ObjectionTo(new PartName(_userFolder, part), length) is null;

    /// <summary>Looks at a part that nothing is appended to any more, and brings it to the disk.</summary>
    /// <returns>Up to where its lines are whole; <c>null</c>: it is not there, or was ended by this process.</returns>
    public long? LookAt(DayFileName name)
    {
        if (_context.Ended.Contains(_userFolder, name))
            return null;
        if (!Exists(name))
            return LookAtCompressed(System.IO.Path.Combine(Path, name.ToString()));

        using var part = DayPart.Open(Path, name, out _);
        var whole = FirstLook(part, out _);
        part.Sync();
        return whole;
    }

    // A compressed one is on disk as a whole, or not at all.
    private static long? LookAtCompressed(string path)
    {
        try
        {
            using var bytes = PartBytes.TryOpen(path);
            return bytes?.Length;
        }
        catch (DamagedPartException)
        {
            // Damaged. How long its lines were nobody knows; whoever reads them tells, and those who record here go on.
            return new FileInfo(path + PartBytes.CompressedExtension).Length;
        }
    }

    /// <summary>Brings all open parts to the disk.</summary>
    /// <returns>Those that were not there yet.</returns>
    /// <exception cref="SyncFailedException">One of them failed; the others were synced all the same.</exception>
    public IReadOnlyList<DayPart> Sync()
    {
        SyncFailedException? failure = null;
        var dirty = _parts.FindAll(part => part.IsDirty);
        foreach (var part in dirty)
        {
            try
            {
                part.Sync();
            }
            catch (SyncFailedException e)
            {
                failure = e;
            }
        }

        return failure is null ? dirty : throw failure;
    }

    /// <summary>Closes the parts that are more than are kept open.</summary>
    public void Trim()
    {
        while (_parts.Count > MostKept)
            Close(_parts[0]);
    }

    /// <summary>Takes back what was appended to a part.</summary>
    public void TakeBack(DayPart part, long length)
    {
        _windows.Remove(part.Name.Day);
        try
        {
            part.TakeBack(length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk that took no line takes no truncation either. What stands there was never acknowledged; the next part begins.
            _context.Logger.NotTakenBack(_user, part.Name.ToString(), e.Message);
        }
    }

    /// <summary>Lets go of the parts that failed: the next part of their days begins.</summary>
    public void EndBroken()
    {
        foreach (var part in _parts.FindAll(part => part.IsBroken))
            End(part);
    }

    /// <summary>Lets go of all parts: the next part of their days begins.</summary>
    /// <param name="alarm">Why, if the trail has to tell of it.</param>
    public void EndAll(string? alarm = null)
    {
        _alarm ??= alarm;
        foreach (var part in _parts.ToArray())
            End(part);
    }

    public void Dispose()
    {
        _parts.ForEach(part => part.Dispose());
        _parts.Clear();
        _windows.Clear();
    }

    private DayPart OpenLast(DateOnly day)
    {
        var name = new DayFileName(day, _context.Ended.FirstOpen(_userFolder, day, HighestPart(day)));
        DayPart? part;
        for (; (part = TryOpen(name)) is null; name = name with { Part = name.Part + 1 })
            _context.Ended.Add(_userFolder, name, long.MaxValue);
        _parts.Add(part);
        _context.Mark.Note(_user, new PartName(_userFolder, name), part.Length);
        if (_alarm is not null)
            AppendOwn(part, OwnLine.Recovery(_user, 0, $"{_alarm}. It is left as it is, and the next part begins", _context.NowWithin(day)));
        _alarm = null;
        return part;
    }

    // Null where nothing may be appended.
    private DayPart? TryOpen(DayFileName name)
    {
        if (ObjectionTo(name) is { } objection)
        {
            Note(name, objection);
            return null;
        }

        var part = DayPart.Open(Path, name, out var isNew);
        HasNewFiles |= isNew;
        try
        {
            var torn = FirstLook(part, out var length);
            if (torn < length && _tails.ObjectionTo(part, torn) is { } found)
            {
                Note(name, found);
                part.Dispose();
                return null;
            }

            part.Trust(torn);
            if (torn < length)
                Repair(part, torn, length);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    // Where a process died, only what was not signed yet is looked through: the rest was whole, and on disk.
    private long FirstLook(DayPart part, out long length) => part.FirstLook(
        _context.DeadRuns.Trusted(_user, part.Name) is { } trusted ? Math.Max(trusted, _context.Guard?.SignedUpTo(new PartName(_userFolder, part.Name)) ?? 0) : null, out length);

    private void Repair(DayPart part, long torn, long length)
    {
        var told = _tails.Repair(part, torn, length);
        if (told.Length > 0)
            AppendOwn(part, told);
        else
            _windows.Remove(part.Name.Day);
    }

    private OutcomeWindow Window(DateOnly day)
    {
        if (_windows.TryGetValue(day, out var window))
            return window;
        var opened = new List<PartBytes>();
        try
        {
            var parts = new List<(PartBytes, long)>();
            for (var number = HighestPart(day); number > 0; number--)
            {
                var name = new DayFileName(day, number);
                if (_parts.Find(p => p.Name == name) is { } part)
                {
                    parts.Add((part.File, part.Length));
                }
                else if (PartBytes.TryOpen(System.IO.Path.Combine(Path, name.ToString())) is { } other)
                {
                    opened.Add(other);
                    parts.Add((other, _context.Ended.Counted(_userFolder, name, other.Length)));
                }
            }

            return _windows[day] = OutcomeWindow.Load(parts);
        }
        finally
        {
            opened.ForEach(other => other.Dispose());
        }
    }

    private PartObjection? ObjectionTo(DayFileName name) => IsCompressed(name)
        ? new PartObjection("it is compressed", IsAlarm: false)
        : _context.Guard?.ObjectionTo(new PartName(_userFolder, name), LengthOf(name));

    private bool IsCompressed(DayFileName name) => File.Exists(System.IO.Path.Combine(Path, name + PartBytes.CompressedExtension));

    private void Note(DayFileName name, PartObjection objection)
    {
        if (objection.IsAlarm)
            _alarm ??= $"{name}: {objection.Reason}";
    }

    private long? LengthOf(DayFileName name) => new FileInfo(System.IO.Path.Combine(Path, name.ToString())) is { Exists: true } file ? file.Length : null;

    private bool Exists(DayFileName name) => NativeFile.System.Identity(System.IO.Path.Combine(Path, name.ToString())) is not null;

    private int HighestPart(DateOnly day)
    {
        var highest = 0;
        var pattern = string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}*.jsonl*");
        foreach (var path in Directory.EnumerateFiles(Path, pattern))
        {
            if (DayFileName.TryParse(System.IO.Path.GetFileName(path.AsSpan()), out var name) && name.Day == day)
                highest = Math.Max(highest, name.Part);
        }

        return highest;
    }

    private void End(DayPart part)
    {
        _context.Ended.Add(_userFolder, part.Name, part.SyncedLength);
        Release(part);
    }

    private void Close(DayPart part)
    {
        if (part.IsDirty)
            part.Sync();
        Release(part);
    }

    private void Release(DayPart part)
    {
        _windows.Remove(part.Name.Day);
        _parts.Remove(part);
        part.Dispose();
    }
}
