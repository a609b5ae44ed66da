using ToolTrail.Recording;

namespace ToolTrail.Server.Ingest;

/// <summary>The refusals that an answer lists: the first 1,000; the rest is counted, so that memory stays bounded whatever comes in.</summary>
internal sealed class RefusedRecords
{
    private const int MostListed = 1_000;
    private const int MostErrorChars = 500;
    private readonly List<RefusedRecord> _listed = [];

    /// <summary>In input order.</summary>
    public IReadOnlyList<RefusedRecord> Listed => _listed;

    /// <summary>How many more there were; <c>null</c>: none.</summary>
    public long? NotListed { get; private set; }

    /// <summary>Takes one.</summary>
    public void Add(IngestRefusal refusal)
    {
        if (_listed.Count < MostListed)
            _listed.Add(new RefusedRecord(refusal.Line, Describe(refusal)));
        else
            NotListed = (NotListed ?? 0) + 1;
    }

    // Why writing failed names files of the server: its log says that.
    private static string Describe(IngestRefusal refusal)
    {
        if (refusal.Failed)
            return "The record could not be written: send it again later.";
        return refusal.Error.Length > MostErrorChars ? refusal.Error[..MostErrorChars] + "…" : refusal.Error;
    }
}
