using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Verification;

/// <summary>All that the seal log says of some parts, read and checked once. Immutable then.</summary>
internal sealed class SealHistory
{
    private const int NotesAtOnce = 4096;

    private readonly Dictionary<PartName, PartHistory> _parts = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _remarks = [];
    private readonly string _installation;
    private readonly TileLog _tiles;
    private readonly VerifyOptions _options;
    private readonly Predicate<PartName> _isWanted;

    private SealHistory(TrailHome home, VerifyOptions options, Predicate<PartName> isWanted)
    {
        _installation = home.Installation;
        _options = options;
        _isWanted = isWanted;
        _tiles = new TileLog(SealLog.FolderOf(home));
        Keys = KeyChain.Of([], options.Keys, out _);
    }

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

    /// <summary>Reads the log.</summary>
    public static SealHistory Read(TrailHome home, VerifyOptions options, Predicate<PartName> isWanted)
    {
        var history = new SealHistory(home, options, isWanted);
        try
        {
            history.Read();
        }
        catch (IntegrityFormatException e)
        {
            history.Find(FindingKind.LogDamaged, $"the seal log cannot be read to its end: {e.Message}");
        }

        return history;
    }

    private void Read()
    {
        if (_tiles.ReadHead() is not { } note)
        {
            Find(FindingKind.LogMissing, "there is no seal log: nothing tells what the trail was");
            return;
        }

        var head = Checkpoint.Parse(note.Text);
        if (head.Origin != _installation)
            Find(FindingKind.WrongKey, $"the seal log is that of '{head.Origin}', and this home's is '{_installation}'");
        Head = head;
        ReadKeys(head, note);
        foreach (var entries in _tiles.Read(head.Size).Index().Chunk(NotesAtOnce))
            Take(entries);
    }

    // Once over all entries: whether they are those of the head, and who signed when.
    private void ReadKeys(Checkpoint head, SignedNote note)
    {
        var trusted = _options.TrustedHead is { } kept ? Checkpoint.Parse(kept.Text) : null;
        var rotated = Encoding.UTF8.GetBytes($"{_installation}/event\n{{\"event\":\"rotated\"");
        var rotations = new List<(long, SealEvent)>();
        var tree = new MerkleTree();
        var isKept = trusted is { Size: 0 };
        foreach (var entry in _tiles.Read(head.Size))
        {
            if (entry.Span.StartsWith(rotated))
                rotations.Add((tree.Size, SealEvent.Parse(_installation, SignedNote.Parse(entry.Span).Text)!));
            tree.Add(MerkleHash.Leaf(entry.Span));
            if (tree.Size == trusted?.Size)
                isKept = tree.Root() == trusted.Root;
        }

        var fitsTogether = tree.Root() == head.Root;
        if (!fitsTogether)
            Find(FindingKind.LogDamaged, $"the {head.Size} entries of the seal log are not those that its head was signed for");
        Keys = KeyChain.Of(rotations, _options.Keys, out var broken);
        if (broken is not null)
            Find(FindingKind.WrongKey, broken);
        if (!Keys.Current.Signed(note))
            Find(FindingKind.WrongKey, $"the head of the seal log is not signed by '{Keys.Current}'");
        if (trusted is not null)
            CheckTrusted(trusted, head, isKept, fitsTogether);
    }

    private void CheckTrusted(Checkpoint trusted, Checkpoint head, bool isKept, bool fitsTogether)
    {
        if (trusted.Origin != _installation)
            Find(FindingKind.WrongKey, $"the trusted head is that of '{trusted.Origin}', and this home's is '{_installation}'");
        else if (!Keys.Keys.Any(key => key.Signed(_options.TrustedHead!)))
            Find(FindingKind.WrongKey, "the trusted head is signed by none of the keys that signed this seal log: the log was made anew with another key");
        else if (trusted.Size > head.Size)
            Find(FindingKind.LogRolledBack, $"the seal log has {head.Size} entries, and had {trusted.Size} when the trusted head was signed. "
                + (fitsTogether ? "What is here fits together: an old backup was put back, or the log was cut to look like one" : "It was cut"));
        else if (!isKept)
            Find(FindingKind.LogRewritten, $"the first {trusted.Size} entries of the seal log are not those that the trusted head was signed for: the trail was rewritten since");
        else
            _remarks.Add($"holds all {trusted.Size} entries of the trusted head, and {head.Size - trusted.Size} more");
    }

    private void Take((int Index, ReadOnlyMemory<byte> Entry)[] entries)
    {
        var notes = new (SignedNote? Note, bool IsSigned)[entries.Length];
        var events = Encoding.UTF8.GetBytes($"{_installation}/event\n");
        Parallel.For(0, entries.Length, i =>
        {
            var (index, entry) = entries[i];
            if (!entry.Span.StartsWith(events) && PartOf(entry.Span) is { } part && !_isWanted(part))
                return;
            var note = SignedNote.Parse(entry.Span);
            notes[i] = (note, Keys.At(index).Signed(note));
        });
        for (var i = 0; i < entries.Length; i++)
        {
            if (notes[i] is not (var note and not null, var isSigned))
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
            Find(FindingKind.LogDamaged, $"entry {index} of the seal log speaks of '{checkpoint.Origin}', which is no part of this trail");
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
