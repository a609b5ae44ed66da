using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>A part that this process recorded to, or found, and that is to be signed.</summary>
internal sealed class SealedPart
{
    private long _target;

    public SealedPart(SealingContext context, PartName name)
    {
        Tree = new PartTree(context, name);
    }

    /// <summary>Its tree. For the round alone.</summary>
    public PartTree Tree { get; }

    /// <summary>Up to where the part is on disk.</summary>
    public long Target => Interlocked.Read(ref _target);

    /// <summary>When its last checkpoint was signed, in clock ticks; 0: none was. For the round alone.</summary>
    public long LastSigned { get; set; }

    /// <summary>Whether lines on disk wait to be signed. For the round alone.</summary>
    public bool HasUnsigned => Target > Tree.State.Offset;

    /// <summary>Whether signed lines wait to be sealed. For the round alone.</summary>
    public bool HasUnsealed => Tree.State.Tree.Size > (Tree.State.Sealed?.Size ?? 0);

    /// <summary>Notes that the part is on disk up to an offset.</summary>
    public void Reach(long length)
    {
        for (var target = Target; target < length; target = Target)
        {
            if (Interlocked.CompareExchange(ref _target, length, target) == target)
                return;
        }
    }
}
