using System.Globalization;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Storage;

namespace ToolTrail.Witnessing;

/// <summary>
/// What witnesses cosigned: <c>.tooltrail/witnesses/{key id}</c> is the newest head that one of them did, <see cref="CosignedHead"/> the newest that any
/// did. Safe for use by several threads and processes.
/// </summary>
/// <remarks>A file that is none of these counts as missing and is replaced: a witness itself knows best what it has cosigned.</remarks>
internal sealed class WitnessFiles
{
    private readonly string _folder;
    private readonly string _newest;
    private readonly Predicate<SignedNote> _isOurs;
    private readonly ILogger _logger;

    /// <param name="home">Where the files are.</param>
    /// <param name="isOurs">Whether the log's own key signed a head.</param>
    /// <param name="logger">Where damaged files are told.</param>
    public WitnessFiles(TrailHome home, Predicate<SignedNote> isOurs, ILogger logger)
    {
        _isOurs = isOurs;
        _folder = Path.Combine(home.SystemPath, "witnesses");
        _newest = CosignedHead.PathIn(home);
        _logger = logger;
    }

    /// <summary>The newest head of a log that a witness cosigned; <c>null</c>: none that is known.</summary>
    public SignedNote? Read(WitnessKey witness, string origin) =>
        ReadFile(PathOf(witness)) is var (note, checkpoint) && checkpoint.Origin == origin && witness.CosignedAt(note) is not null ? note : null;

    /// <summary>Keeps a cosignature: on disk when it returns. A larger head is never replaced by a smaller one.</summary>
    /// <param name="witness">Whose.</param>
    /// <param name="head">What was cosigned, signed by the log alone.</param>
    /// <param name="cosignature">The cosignature, which is right.</param>
    public void Keep(WitnessKey witness, SignedNote head, NoteSignature cosignature)
    {
        foreach (var folder in SyncedFolder.Create(_folder))
            SyncedFolder.Sync(folder);
        using var folderLock = new FolderLock(_folder);
        folderLock.Enter();
        try
        {
            var checkpoint = Checkpoint.Parse(head.Text);
            // First the witness's own: the other can be made again from it.
            if (Read(witness, checkpoint.Origin) is not { } last || (last.Text != head.Text && Checkpoint.Parse(last.Text).Size <= checkpoint.Size))
                DurableFile.Write(PathOf(witness), head.With(cosignature).ToBytes());
            if (WithNewest(head, checkpoint, cosignature) is { } newest)
                DurableFile.Write(_newest, newest.ToBytes());
        }
        finally
        {
            folderLock.Exit();
        }
    }

    // Null: it need not change. One of the same size and another root stays too, and one that is larger: they are evidence, if we signed them. What we did
    // not sign was put there to keep ours out.
    private SignedNote? WithNewest(SignedNote head, Checkpoint checkpoint, NoteSignature cosignature)
    {
        if (ReadFile(_newest) is not var (newest, known) || known.Origin != checkpoint.Origin || known.Size < checkpoint.Size || !_isOurs(newest))
            return head.With(cosignature);
        var isNew = newest.Text == head.Text && !newest.Signatures.Any(other => other.KeyId == cosignature.KeyId && other.Name == cosignature.Name);
        return isNew ? newest.With(cosignature) : null;
    }

    private (SignedNote Note, Checkpoint Checkpoint)? ReadFile(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var note = SignedNote.Parse(File.ReadAllBytes(path));
            return (note, Checkpoint.Parse(note.Text));
        }
        catch (IntegrityFormatException e)
        {
            _logger.CosignedHeadDamaged(path, e.Message);
            return null;
        }
    }

    private string PathOf(WitnessKey witness) => Path.Combine(_folder, witness.Id.ToString("x8", CultureInfo.InvariantCulture));
}
