using ToolTrail.Integrity;

namespace ToolTrail.Verification;

/// <summary>What is verified, and against what.</summary>
public sealed class VerifyOptions
{
    /// <summary>Whose parts; <c>null</c> (default): all users'.</summary>
    public string? User { get; init; }

    /// <summary>The first day; <c>null</c> (default): from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day; <c>null</c> (default): to the end.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The keys that are trusted to be the installation's, the present one or any before: each has to have signed the seal log in its time. At least one, unless nothing is sealed yet.</summary>
    public required IReadOnlyList<VerifierKey> Keys { get; init; }

    /// <summary>A head of the seal log that was kept elsewhere; <c>null</c> (default): none.</summary>
    public SignedNote? TrustedHead { get; init; }

    /// <summary>The witnesses whose cosignatures count; none (default): the head that they cosigned is compared with the log, and nothing said of who cosigned it.</summary>
    public IReadOnlyList<WitnessKey> Witnesses { get; init; } = [];

    /// <summary>Told the bytes that were read, from any thread; <c>null</c> (default): nobody.</summary>
    public Action<long>? Progress { get; init; }
}
