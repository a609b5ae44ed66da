using ToolTrail.Integrity;

namespace ToolTrail.Verification;

/// <summary>A head of the seal log as it was once: what it stands for has to be there still.</summary>
internal sealed class KeptHead
{
    public KeptHead(string name, SignedNote note)
    {
        (Name, Note, Checkpoint) = (name, note, Checkpoint.Parse(note.Text));
        IsThere = Checkpoint.Size == 0;
    }

    /// <summary>Which, in words.</summary>
    public string Name { get; }

    /// <summary>As it is signed.</summary>
    public SignedNote Note { get; }

    /// <summary>What it says.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Whether the log begins with what it stands for.</summary>
    public bool IsThere { get; private set; }

    /// <summary>Shown the log as it grows.</summary>
    public void LookAt(MerkleTree tree) => IsThere |= tree.Size == Checkpoint.Size && tree.Root() == Checkpoint.Root;
}
