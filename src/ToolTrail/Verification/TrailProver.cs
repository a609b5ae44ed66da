using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;
using ToolTrail.Witnessing;

namespace ToolTrail.Verification;

/// <summary>
/// Makes proofs that a line stands in the trail, for somebody who has nothing but the verifier key and the line. Only ever reads. Safe for use by several threads.
/// </summary>
public sealed class TrailProver
{
    private readonly TrailHome _home;
    private readonly SealLog _log;

    /// <param name="home">The trail.</param>
    /// <param name="log">Its seal log.</param>
    public TrailProver(TrailHome home, SealLog log)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(log);
        _home = home;
        _log = log;
    }

    /// <summary>
    /// Proves a line: a tlog-proof (C2SP) that leads to a sealed checkpoint of its part, with the seal log's own proof of that checkpoint as its extra. Costs
    /// reading the part.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="day">The day, in the home's zone.</param>
    /// <param name="line">The line's number in the part, from 0.</param>
    /// <param name="part">The part of the day, from 1.</param>
    /// <exception cref="ProofException">There is no such line, it is not sealed yet, or the part does not fit what was sealed of it.</exception>
    /// <exception cref="SealingException">The seal log, or the key, is not as it has to be.</exception>
    public TlogProof Prove(string user, DateOnly day, long line, int part = 1)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentOutOfRangeException.ThrowIfNegative(line);
        var name = new PartName(_home.UserFolder(user), new DayFileName(day, part));
        using var file = PartBytes.TryOpen(new PartFiles(_home, name).Lines) ?? throw new ProofException($"There is no part {part} of {day:yyyy-MM-dd} of user '{user}'.");
        var head = _log.ReadHead() ?? throw new ProofException("Nothing of this trail is sealed yet.");
        var origin = PartOrigin.Of(_home.Installation, name);
        if (_log.FindNewest(origin, head, out _) is not { } seal || line >= seal.Size)
            throw new ProofException($"Line {line} of '{name}' is not sealed yet. A recorder seals once a minute, and at its end; or there is no such line.");

        var (leaf, root, siblings) = Read(file, line, seal.Size);
        if (root != seal.Root)
            throw new ProofException($"'{name}' is not what was sealed of it, so nothing in it can be proved. 'tooltrail verify' says what was changed.");
        var key = _log.SignerOf(head);
        var proof = new TlogProof
        {
            Index = line,
            Hashes = MerkleProof.OfInclusion(line, seal.Size, (start, _) => siblings[start].Root()),
            Checkpoint = _log.Read(seal.Index, head),
            Extra = Encoding.UTF8.GetBytes(_log.Prove(seal.Index, BestHead(seal.Index, head, key)).ToString()),
        };
        // Whoever gets it has to be able to rely on it, whatever lies about in the home.
        ProvenLine.Check(proof.ToString(), leaf, [key], []);
        return proof;
    }

    // The line's leaf, the root of all, and the trees beside the line's way up to it, by where they start. However large the part is, no more than that is held.
    private static (MerkleHash Leaf, MerkleHash Root, SortedList<long, MerkleTree> Siblings) Read(PartBytes file, long line, long size)
    {
        var siblings = new SortedList<long, MerkleTree>();
        _ = MerkleProof.OfInclusion(line, size, (start, _) =>
        {
            siblings.Add(start, new MerkleTree());
            return default;
        });
        var (leaf, tree, next) = (default(MerkleHash), new MerkleTree(), 0);
        LeafPipeline.Read(file, file.Length, (found, _, _) =>
        {
            foreach (var one in found[..(int)Math.Min(found.Length, size - tree.Size)])
            {
                if (next < siblings.Count && siblings.Keys[next] == tree.Size)
                    next++;
                if (tree.Size == line)
                    leaf = one;
                else
                    siblings.Values[next - 1].Add(one);
                tree.Add(one);
            }

            return tree.Size < size;
        });
        return (leaf, tree.Size == size ? tree.Root() : default, siblings);
    }

    // One that witnesses cosigned proves more than one that we signed alone; if it is of this very log, and signed by the key that counts.
    private SealHead BestHead(long index, SealHead newest, VerifierKey key) =>
        ReadCosigned() is { } cosigned && cosigned.Checkpoint.Size > index && key.Signed(cosigned.Note) && _log.BeginsWith(cosigned.Checkpoint, newest) ? cosigned : newest;

    private SealHead? ReadCosigned()
    {
        try
        {
            return CosignedHead.Read(_home) is { } note ? new SealHead(note, Checkpoint.Parse(note.Text)) : null;
        }
        catch (IntegrityFormatException)
        {
            // The newest head proves the line too; 'tooltrail verify' tells of the damage.
            return null;
        }
    }
}
