using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>Where a part's file lies, and what stands beside it. Absolute paths.</summary>
internal readonly struct PartFiles
{
    private readonly TrailHome _home;
    private readonly PartName _part;

    public PartFiles(TrailHome home, PartName part)
    {
        _home = home;
        _part = part;
    }

    /// <summary>The folder of the file.</summary>
    public string Folder => _home.AuditPath(_part.UserFolder);

    /// <summary>The lines.</summary>
    public string Lines => Path.Combine(Folder, _part.File.ToString());

    /// <summary>The signed checkpoint.</summary>
    public string Checkpoint => Path.Combine(Folder, _part.File.Stem + ".checkpoint");

    /// <summary>The leaf hashes: derived, unsigned, possibly behind.</summary>
    public string Leaves => Path.Combine(Folder, _part.File.Stem + ".leaves");

    /// <summary>The folder of <see cref="Tree"/>. Its lock is held by whoever signs for the user's parts.</summary>
    public string TreeFolder => TreeFolderOf(_home, _part.UserFolder);

    /// <summary>How far the part's tree has come: derived, may be thrown away.</summary>
    public string Tree => Path.Combine(TreeFolder, _part.File.Stem + ".tree");

    /// <summary>The folder whose lock is held by whoever rewrites or removes one of the user's closed parts.</summary>
    public string RewritingFolder => Path.Combine(TreeFolder, "rewriting");

    /// <summary>The folder of a user's trees.</summary>
    public static string TreeFolderOf(TrailHome home, string userFolder) => Path.Combine(home.SystemPath, "trees", userFolder);
}
