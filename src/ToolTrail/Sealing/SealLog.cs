using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// The installation's seal log in <c>.tooltrail/seals/</c> (C2SP tlog-tiles): entries are signed notes, checkpoints of parts and events. Appended to by any
/// number of threads and processes.
/// </summary>
public sealed class SealLog
{
    private readonly TrailHome _home;
    private readonly SigningKeyFile _keyFile;
    private readonly TileLog _tiles;
    private readonly Lock _gate = new();
    private readonly SealIndex _index;
    private Checkpoint? _newest;

    /// <param name="home">The home.</param>
    /// <param name="keyPath">Absolute path of the signing key; <c>null</c>: in the home.</param>
    public SealLog(TrailHome home, string? keyPath = null)
    {
        ArgumentNullException.ThrowIfNull(home);
        _home = home;
        _keyFile = new SigningKeyFile(keyPath ?? Path.Combine(home.SystemPath, "signing.key"), home.Installation);
        Folder = FolderOf(home);
        _tiles = new TileLog(Folder);
        _index = new SealIndex(_tiles, home.Installation);
    }

    /// <summary>Absolute path of the log.</summary>
    public string Folder { get; }

    /// <summary>Its files.</summary>
    internal TileLog Tiles => _tiles;

    /// <summary>Where a home's log lies.</summary>
    public static string FolderOf(TrailHome home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return Path.Combine(home.SystemPath, "seals");
    }

    /// <summary>The key that signs now; <c>null</c>: there is none here.</summary>
    /// <exception cref="SealingException">The file is no key of this installation.</exception>
    public VerifierKey? ReadVerifierKey() => _keyFile.Exists ? _keyFile.ReadOrCreate().Verifier : null;

    /// <summary>The keys that count: the one that signs now, which is made when nothing was signed yet, and those before it, newest first.</summary>
    /// <exception cref="SealingException">The key, or the log, is not as it has to be.</exception>
    public IReadOnlyList<VerifierKey> VerifierKeys() => [ReadHead() is { } head ? SignerOf(head) : Key().Verifier, .. RetiredKeys().Reverse()];

    /// <summary>The key that signs now; made when nothing was signed yet.</summary>
    /// <exception cref="SealingException">It is gone, or none.</exception>
    internal SigningKey Key()
    {
        // The folder first: it is made after the key.
        var hasLog = Directory.Exists(Folder);
        if (!_keyFile.Exists && hasLog)
            throw new SealingException($"The signing key '{_keyFile.Path}' is gone, and there is a seal log that it signed. Restore it from a backup, or name where it is by integrity.signingKey.");
        return _keyFile.ReadOrCreate();
    }

    /// <summary>The newest head; <c>null</c>: nothing was sealed yet.</summary>
    /// <exception cref="SealingException">It does not fit: another key's, another log's, or older than one that this process saw.</exception>
    public SealHead? ReadHead() => Checked(() =>
    {
        // Taken before the file is read: it only grows.
        var newest = Volatile.Read(ref _newest);
        if (ReadSigned(out var signer) is not { } note)
        {
            return Directory.Exists(Path.Combine(Folder, "tile")) || newest is not null
                ? throw new SealingException($"The seal log '{Folder}' has lost its checkpoint: somebody removed it. Restore the log from a backup; nothing is sealed until then.")
                : (SealHead?)null;
        }

        var head = new SealHead(note, Checkpoint.Parse(note.Text));
        if (head.Checkpoint.Origin != _home.Installation || signer is null)
            throw new SealingException($"The head of the seal log '{Folder}' is not signed by '{Key().Verifier}'. Restore the log or the key from a backup; nothing is sealed until then.");
        if (newest is not null && (head.Checkpoint.Size < newest.Size || _tiles.RootAt(head.Checkpoint.Size, newest.Size) != newest.Root))
            throw new SealingException($"The seal log '{Folder}' had {newest.Size} entries and was put back to an older or another state. Restore the newest; nothing is sealed until then.");
        Remember(head.Checkpoint);
        return head;
    });

    /// <summary>The key that signs now, as a head tells: the next one already, while a rotation that broke off waits to be brought to its end.</summary>
    /// <exception cref="SealingException">Another signs since.</exception>
    internal VerifierKey SignerOf(SealHead head) =>
        FindSigner(head.Note) ?? throw new SealingException($"The key of the seal log '{Folder}' was rotated just now. Try again.");

    /// <summary>Whether the key that signs now signed a head.</summary>
    internal bool IsSigned(SignedNote head) => FindSigner(head) is not null;

    /// <summary>Whether the log begins with what another head of it stands for.</summary>
    internal bool BeginsWith(Checkpoint earlier, SealHead head) => Checked(() =>
        earlier.Origin == head.Checkpoint.Origin && earlier.Size <= head.Checkpoint.Size && _tiles.RootAt(head.Checkpoint.Size, earlier.Size) == earlier.Root);

    /// <summary>The newest checkpoint as it stands in its file, for somebody who checks it; <c>null</c>: nothing was sealed yet.</summary>
    /// <exception cref="SealingException">It is no note.</exception>
    public SignedNote? ReadCheckpoint() => Checked(_tiles.ReadHead);

    /// <summary>A tile of hashes or a bundle of entries as it stands in its file, for somebody who checks it.</summary>
    /// <param name="name">As C2SP tlog-tiles names it: <c>tile/0/x001/234</c>, <c>tile/entries/000.p/7</c>. Nothing else is ever read.</param>
    /// <param name="isFull">Whether it will be the same for ever.</param>
    /// <returns><c>null</c>: it is not there, which a partial one is no more once the full one is, or the newest checkpoint does not stand for it.</returns>
    /// <exception cref="SealingException">The checkpoint is no note.</exception>
    public byte[]? ReadTile(string name, out bool isFull)
    {
        ArgumentNullException.ThrowIfNull(name);
        (var bytes, isFull) = Checked(() => (_tiles.ReadTile(name, out var full), full));
        return bytes;
    }

    /// <summary>Appends entries: on disk when it returns.</summary>
    /// <param name="texts">The notes' texts, in order; each is signed with the key that signs now.</param>
    /// <returns>The index of the first.</returns>
    /// <exception cref="SealingException">The log, or the key, is not as it has to be; nothing was appended.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal long Append(params IReadOnlyList<string> texts) => UnderLock(size =>
    {
        Append(size, texts, Key());
        return size;
    });

    /// <summary>Gives the log another key: the one before signs an event that names it, and nothing from then on.</summary>
    /// <returns>The new key.</returns>
    public VerifierKey Rotate(DateTimeOffset now) => UnderLock(size =>
    {
        var (old, next) = (Key(), _keyFile.CreateNext());
        var rotated = new SealEvent { Kind = SealEventKind.Rotated, Time = now, OldKey = old.Verifier.ToString(), NewKey = next.Verifier.ToString() };
        // The head is the new key's: whoever finds it, and the old key still in its place, brings the rotation to its end.
        Append(size, [rotated.ToText(_home.Installation)], old, next);
        _keyFile.TakeNext();
        return next.Verifier;
    });

    /// <summary>The newest checkpoint of a part, looked for from the log's end; <c>null</c>: there is none.</summary>
    internal SealReference? FindNewest(string origin, out bool isClosed)
    {
        isClosed = false;
        return ReadHead() is { } head ? FindNewest(origin, head, out isClosed) : null;
    }

    /// <summary>The same, of the log as it was at a head.</summary>
    /// <param name="origin">The part's.</param>
    /// <param name="head">The head.</param>
    /// <param name="isClosed">Whether the part was closed since.</param>
    internal SealReference? FindNewest(string origin, SealHead head, out bool isClosed)
    {
        (var found, isClosed) = Checked(() => LookFor(origin, head));
        return found;
    }

    /// <summary>The proof that an entry is in the log.</summary>
    internal TlogProof Prove(long index, SealHead head) => Checked(() => new TlogProof
    {
        Index = index,
        Hashes = MerkleProof.OfInclusion(index, head.Checkpoint.Size, (start, end) => _tiles.Subtree(head.Checkpoint.Size, start, end)),
        Checkpoint = head.Note,
    });

    /// <summary>An entry.</summary>
    internal SignedNote Read(long index, SealHead head) => Checked(() => SignedNote.Parse(_tiles.Read(head.Checkpoint.Size, index).First().Span));

    /// <summary>The keys that signed before, by the log's own events; oldest first.</summary>
    internal IReadOnlyList<VerifierKey> RetiredKeys() => Checked(() => _index.RetiredKeys(Size()));

    /// <summary>Whether a part was closed. The first to ask waits for a look through the whole log.</summary>
    internal bool IsClosed(string origin) => Checked(() => _index.IsClosed(origin, Size()));

    /// <summary>Whether a checkpoint of a part is among the log's last entries.</summary>
    internal bool WasSealedLately(string origin) => Checked(() => _index.WasSealedLately(origin, Size()));

    private long Size() => ReadHead()?.Checkpoint.Size ?? 0;

    private (SealReference? Newest, bool IsClosed) LookFor(string origin, SealHead head)
    {
        var (checkpoints, events) = (Encoding.UTF8.GetBytes(origin + "\n"), Encoding.UTF8.GetBytes($"{_home.Installation}/event\n"));
        var isClosed = false;
        foreach (var (index, entry) in _tiles.ReadBackwards(head.Checkpoint.Size))
        {
            if (entry.Span.StartsWith(checkpoints))
            {
                var checkpoint = Checkpoint.Parse(SignedNote.Parse(entry.Span).Text);
                return (new SealReference(index, checkpoint.Size, checkpoint.Root), isClosed);
            }

            if (entry.Span.StartsWith(events))
                isClosed |= SealEvent.Parse(_home.Installation, SignedNote.Parse(entry.Span).Text) is { Kind: SealEventKind.Closed } closed && closed.Origin == origin;
        }

        return (null, isClosed);
    }

    private void Append(long size, IReadOnlyList<string> texts, SigningKey key, SigningKey? headKey = null)
    {
        var entries = texts.Select(text => (ReadOnlyMemory<byte>)SignedNote.Sign(text, key).ToBytes()).ToList();
        var head = _tiles.Append(size, entries, (newSize, root) => SignHead(newSize, root, headKey ?? key));
        Remember(Checkpoint.Parse(head.Text));
    }

    private void Remember(Checkpoint head)
    {
        lock (_gate)
        {
            if (_newest is null || _newest.Size < head.Size)
                _newest = head;
        }
    }

    private SignedNote SignHead(long size, MerkleHash root, SigningKey key) => SignedNote.Sign(new Checkpoint(_home.Installation, size, root).ToString(), key);

    private T UnderLock<T>(Func<long, T> action) => Checked(() =>
    {
        // The key first: without one no log is begun.
        _ = Key();
        foreach (var folder in SyncedFolder.Create(Folder))
            SyncedFolder.Sync(folder);
        using var folderLock = new FolderLock(Folder);
        folderLock.Enter();
        try
        {
            // A first head of no entries: a log that lost its head can then be told from one that has none yet.
            var found = ReadHead();
            if (found is not null)
                EndRotation(found.Note);
            if (found is not { } head)
            {
                DurableFile.Write(Path.Combine(Folder, TilePath.Checkpoint), SignHead(0, MerkleHash.Empty, Key()).ToBytes());
                return action(0);
            }

            return action(head.Checkpoint.Size);
        }
        finally
        {
            folderLock.Exit();
        }
    });

    // Of one who holds the lock: that ends a rotation which another process began and did not come to the end of.
    private void EndRotation(SignedNote head)
    {
        using var next = _keyFile.ReadNext();
        if (next is not null && next.Verifier.Signed(head))
            _keyFile.TakeNext();
    }

    // The next key first: when it is gone, it has taken the other's place.
    private VerifierKey? FindSigner(SignedNote head)
    {
        using var next = _keyFile.ReadNext();
        if (next is not null && next.Verifier.Signed(head))
            return next.Verifier;
        var key = Key().Verifier;
        return key.Signed(head) ? key : null;
    }

    // Once more when it does not fit the key: a rotation came between the two looks.
    private SignedNote? ReadSigned(out VerifierKey? signer)
    {
        var note = _tiles.ReadHead();
        while (true)
        {
            signer = note is null ? null : FindSigner(note);
            if (signer is not null || note is null)
                return note;
            var last = note.Text;
            note = _tiles.ReadHead();
            if (note?.Text == last)
                return note;
        }
    }

    private T Checked<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IntegrityFormatException e)
        {
            throw new SealingException($"The seal log '{Folder}' is damaged: {e.Message} Restore it from a backup; nothing is sealed until then.", e);
        }
    }
}
