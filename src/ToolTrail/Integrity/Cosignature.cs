namespace ToolTrail.Integrity;

/// <summary>A witness's word: at that time the head was the largest tree of the log that it had seen, and it began with all that it had seen before.</summary>
/// <param name="Witness">Whose.</param>
/// <param name="Time">When, by the witness's clock, to the second.</param>
public sealed record Cosignature(WitnessKey Witness, DateTimeOffset Time)
{
    /// <summary>The cosignatures of a head. Whether the log itself signed it is for <see cref="VerifierKey.Signed"/> to say.</summary>
    /// <param name="head">A signed checkpoint.</param>
    /// <param name="witnesses">Whose word counts; signatures of others do not matter.</param>
    /// <returns>Those of the witnesses that cosigned, in their order, each once.</returns>
    public static IReadOnlyList<Cosignature> Of(SignedNote head, IEnumerable<WitnessKey> witnesses)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(witnesses);
        var cosignatures = new List<Cosignature>();
        foreach (var witness in witnesses.Distinct())
        {
            if (witness.CosignedAt(head) is { } time)
                cosignatures.Add(new Cosignature(witness, time));
        }

        return cosignatures;
    }
}
