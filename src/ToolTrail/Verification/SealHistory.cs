using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;
using ToolTrail.Witnessing;

namespace ToolTrail.Verification;

/// <summary>All that the seal log says of some parts, read and checked once. Immutable then.</summary>
internal sealed class SealHistory
{
    private const int NotesAtOnce = 4096;

    private readonly Dictionary<PartName, PartHistory> _parts = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _remarks = [];
    private readonly TrailHome _home;
    private readonly string _installation;
    private readonly TileLog _tiles;
    private readonly VerifyOptions _options;
    private readonly Predicate<PartName> _isWanted;

    private SealHistory(TrailHome home, VerifyOptions options, Predicate<PartName> isWanted, DateTimeOffset now)
    {
        ReadAt = now;
        _home = home;
        _installation = home.Installation;
        _options = options;
        _isWanted = isWanted;
        _tiles = new TileLog(SealLog.FolderOf(home));
        Keys = KeyChain.OfFirst(options.Keys);
    }

    /// <summary>When it was read: what was sealed later is not in it.</summary>
    public DateTimeOffset ReadAt { get; }

    /// <summary>The newest checkpoint; <c>null</c>: none can be read.</summary>
    public Checkpoint? Head { get; private set; }

    /// <summary>The keys that signed.</summary>
    public KeyChain Keys { get; private set; }

    /// <summary>The wanted parts that the log tells of.</summary>
    public IReadOnlyCollection<PartName> Parts => _parts.Keys;

    /// <summary>What there is to say of the log itself.</summary>
    public LogVerdict Verdict => new(Head, _findings, _remarks);

    /// <summary>What the log says of a part.</summary>
    public PartHistory Of(PartName part) => _parts.TryGetValue(part, out var history) ? history : PartHistory.None;

    /// <summary>Whether the log has another head by now.</summary>
    public bool HasChangedSince()
    {
        try
        {
            return _tiles.ReadHead() is { } note && note.Text != Head?.ToString();
        }
        catch (IntegrityFormatException)
        {
            // Read again it would not be better.
            return false;
        }
    }

    /// <summary>Reads the log.</summary>
    public static SealHistory Read(TrailHome home, VerifyOptions options, Predicate<PartName> isWanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var history = new SealHistory(home, options, isWanted, now);
        try
        {
            history.Read(cancellationToken);
        }
        catch (IntegrityFormatException e)
        {
            history.Find(FindingKind.LogDamaged, $"the seal log cannot be read to its end: {e.Message}");
        }

        return history;
    }

    private void Read(CancellationToken cancellationToken)
    {
        if (_tiles.ReadHead() is not { } note)
        {
            Find(FindingKind.LogMissing, "there is no seal log: nothing tells what the trail was. It was removed, or this is a copy that is behind the trail that it was taken from");
            return;
        }

        if (_options.Keys.Count == 0)
            throw new ArgumentException("There is a seal log, and no key to verify it by.");
        var head = Checkpoint.Parse(note.Text);
        if (head.Origin != _installation)
            Find(FindingKind.WrongKey, $"the seal log is that of '{head.Origin}', and this home's is '{_installation}'");
        Head = head;
        ReadKeys(head, note, cancellationToken);
        foreach (var entries in _tiles.Read(head.Size).Index().Chunk(NotesAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Take(entries);
        }
    }

    // Once over all entries: whether they are those of the head, and who signed when.
    private void ReadKeys(Checkpoint head, SignedNote note, CancellationToken cancellationToken)
    {
        var kept = KeptHeads();
        var rotated = Encoding.UTF8.GetBytes($"{_installation}/event\n{{\"event\":\"rotated\"");
        var rotations = new List<(long, SealEvent)>();
        var tree = new MerkleTree();
        foreach (var entry in _tiles.Read(head.Size))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Span.StartsWith(rotated))
                rotations.Add((tree.Size, SealEvent.Parse(_installation, SignedNote.Parse(entry.Span).Text)!));
            tree.Add(MerkleHash.Leaf(entry.Span));
            foreach (var one in kept)
                one.LookAt(tree);
        }

        var fitsTogether = tree.Root() == head.Root;
        if (!fitsTogether)
            Find(FindingKind.LogDamaged, $"the {head.Size} entries of the seal log are not those that its head was signed for");
        Keys = KeyChain.Of(rotations, note, _options.Keys, out var broken);
        if (broken is not null)
            Find(FindingKind.WrongKey, broken);
        if (!Keys.Current.Signed(note))
            Find(FindingKind.WrongKey, $"the head of the seal log is not signed by '{Keys.Current}'");
        foreach (var one in kept)
            Check(one, head, fitsTogether);
    }

    private List<KeptHead> KeptHeads()
    {
        var kept = new List<KeptHead>();
        if (_options.TrustedHead is { } trusted)
            kept.Add(new KeptHead("the trusted head", trusted));
        try
        {
            if (Cosigned() is { } cosigned)
                kept.Add(cosigned);
        }
        catch (IntegrityFormatException e)
        {
            Find(FindingKind.LogDamaged, $"the head that witnesses cosigned cannot be read: {e.Message}");
        }

        return kept;
    }

    // Anybody who may write the home can put a head there: it counts by who cosigned it.
    private KeptHead? Cosigned()
    {
        var head = CosignedHead.Read(_home);
        if (_options.Witnesses.Count == 0)
            return head is null ? null : new KeptHead("the head in .tooltrail/cosigned (whose cosignatures nobody checked: integrity.witnesses names no witness)", head);
        if (head is not null && Cosignature.Of(head, _options.Witnesses).Count > 0)
            return new KeptHead("the head that witnesses cosigned", head);
        _remarks.Add(head is null ? "no witness has cosigned a head yet" : "the head in .tooltrail/cosigned counts for nothing: none of the witnesses in integrity.witnesses cosigned it");
        return null;
    }

    private void Check(KeptHead kept, Checkpoint head, bool fitsTogether)
    {
        var (size, origin) = (kept.Checkpoint.Size, kept.Checkpoint.Origin);
        if (origin != _installation)
            Find(FindingKind.WrongKey, $"{kept.Name} is that of '{origin}', and this home's is '{_installation}'");
        else if (!Keys.Keys.Any(key => key.Signed(kept.Note)))
            Find(FindingKind.WrongKey, $"{kept.Name} is signed by none of the keys that signed this seal log: the log was made anew with another key");
        else if (size > head.Size)
            Find(FindingKind.LogRolledBack, $"the seal log has {head.Size} entries, and had {size} when {kept.Name} was signed. "
                + (fitsTogether ? "What is here fits together: an old backup was put back, or the log was cut to look like one" : "It was cut"));
        else if (!kept.IsThere)
            Find(FindingKind.LogRewritten, $"the first {size} entries of the seal log are not those that {kept.Name} was signed for: the trail was rewritten since");
        else
            _remarks.Add($"holds all {size} entries of {kept.Name}, and {head.Size - size} more{Cosigners(kept.Note)}");
    }

    private string Cosigners(SignedNote head) => string.Concat(Cosignature.Of(head, _options.Witnesses).Select(one => $"; cosigned by {one.Witness.Name} on {one.Time:u}"));

    private void Take((int Index, ReadOnlyMemory<byte> Entry)[] entries)
    {
        var notes = new (SignedNote? Note, bool IsSigned, string? Problem)[entries.Length];
        var events = Encoding.UTF8.GetBytes($"{_installation}/event\n");
        Parallel.For(0, entries.Length, i =>
        {
            var (index, entry) = entries[i];
            if (!entry.Span.StartsWith(events) && PartOf(entry.Span) is { } part && !_isWanted(part))
                return;
            try
            {
                var note = SignedNote.Parse(entry.Span);
                notes[i] = (note, Keys.At(index).Signed(note), null);
            }
            catch (IntegrityFormatException e)
            {
                // Told below, in the log's order.
                notes[i] = (null, false, e.Message);
            }
        });
        for (var i = 0; i < entries.Length; i++)
        {
            if (notes[i].Problem is { } problem)
                Find(FindingKind.LogDamaged, $"entry {entries[i].Index} of the seal log cannot be read: {problem}");
            if (notes[i] is not (var note and not null, var isSigned, _))
                continue;
            if (!isSigned)
                Find(FindingKind.WrongKey, $"entry {entries[i].Index} of the seal log is not signed by '{Keys.At(entries[i].Index)}'");
            Take(entries[i].Index, note);
        }
    }

    private void Take(long index, SignedNote note)
    {
        if (SealEvent.Parse(_installation, note.Text) is { } happened)
        {
            if (happened.Origin is not null && PartOrigin.TryParse(_installation, happened.Origin, out var where) && _isWanted(where))
                HistoryOf(where).Events.Add((index, happened));
            return;
        }

        var checkpoint = Checkpoint.Parse(note.Text);
        if (PartOrigin.TryParse(_installation, checkpoint.Origin, out var part))
            HistoryOf(part).Seals.Add(new SealReference(index, checkpoint.Size, checkpoint.Root));
        else
            Find(FindingKind.LogDamaged, $"entry {index} of the seal log speaks of something that is no part of this trail");
    }

    private PartName? PartOf(ReadOnlySpan<byte> entry)
    {
        var end = entry.IndexOf((byte)'\n');
        return end > 0 && PartOrigin.TryParse(_installation, Encoding.UTF8.GetString(entry[..end]), out var part) ? part : null;
    }

    private PartHistory HistoryOf(PartName part)
    {
        if (!_parts.TryGetValue(part, out var history))
            _parts.Add(part, history = new PartHistory());
        return history;
    }

    private void Find(FindingKind kind, string message) => _findings.Add(new Finding(kind, message));
}
