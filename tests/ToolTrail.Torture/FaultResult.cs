namespace ToolTrail.Torture;

/// <summary>What came of a fault: a line of the table.</summary>
/// <param name="Title">What was done.</param>
/// <param name="Rounds">How often.</param>
/// <param name="Acknowledged">Records that were acknowledged as being on disk.</param>
/// <param name="Lost">How many of them are not there.</param>
/// <param name="Duplicated">How many stand there more than once.</param>
/// <param name="Corrupted">Lines that are none, or stand where they do not belong.</param>
/// <param name="Verify">What <c>tooltrail verify</c> said.</param>
/// <param name="Broken">Every other promise that was not kept, in words.</param>
/// <param name="Late">Everything that took longer than promised, in words: of the machine too, when it has other things to do.</param>
/// <param name="Notes">What else was seen, in words.</param>
internal sealed record FaultResult(
    string Title,
    int Rounds,
    long Acknowledged,
    long Lost,
    long Duplicated,
    long Corrupted,
    string Verify,
    IReadOnlyList<string> Broken,
    IReadOnlyList<string> Late,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether everything was as promised.</summary>
    public bool Holds => Lost == 0 && Duplicated == 0 && Corrupted == 0 && Broken.Count == 0 && Late.Count == 0;
}
