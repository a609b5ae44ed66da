using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;

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
        using var file = NativeFile.System.TryOpenRead(new PartFiles(_home, name).Lines) ?? throw new ProofException($"There is no part {part} of {day:yyyy-MM-dd} of user '{user}'.");
        var head = _log.ReadHead() ?? throw new ProofException("Nothing of this trail is sealed yet.");
        var origin = PartOrigin.Of(_home.Installation, name);
        if (_log.FindNewest(origin, head) is not { } seal || line >= seal.Size)
            throw new ProofException($"Line {line} of '{name}' is not sealed yet. A recorder seals once a minute, and at its end; or there is no such line.");

        var leaves = new List<MerkleHash>();
        LeafPipeline.Read(file, RandomAccess.GetLength(file), (found, _) =>
        {
            leaves.AddRange(found[..(int)Math.Min(found.Length, seal.Size - leaves.Count)]);
            return leaves.Count < seal.Size;
        });
        if (leaves.Count < seal.Size || Root(leaves, 0, seal.Size) != seal.Root)
            throw new ProofException($"'{name}' is not what was sealed of it, so nothing in it can be proved. 'tooltrail verify' says what was changed.");
        return new TlogProof
        {
            Index = line,
            Hashes = MerkleProof.OfInclusion(line, seal.Size, (start, end) => Root(leaves, start, end)),
            Checkpoint = _log.Read(seal.Index, head),
            Extra = Encoding.UTF8.GetBytes(_log.Prove(seal.Index, head).ToString()),
        };
    }

    private static MerkleHash Root(List<MerkleHash> leaves, long start, long end)
    {
        var tree = new MerkleTree();
        for (var i = start; i < end; i++)
            tree.Add(leaves[(int)i]);
        return tree.Root();
    }
}
