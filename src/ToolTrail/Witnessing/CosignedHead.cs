using ToolTrail.Home;
using ToolTrail.Integrity;

namespace ToolTrail.Witnessing;

/// <summary>The newest head of the seal log that a witness cosigned, in <c>.tooltrail/cosigned</c>: a signed checkpoint with all cosignatures that came.</summary>
public static class CosignedHead
{
    /// <summary>Reads it; what it holds is to be checked, by <see cref="VerifierKey.Signed"/> and <see cref="Cosignature.Of"/>.</summary>
    /// <returns><c>null</c>: no head was cosigned yet.</returns>
    /// <exception cref="IntegrityFormatException">The file is no note.</exception>
    public static SignedNote? Read(TrailHome home)
    {
        ArgumentNullException.ThrowIfNull(home);
        var path = PathIn(home);
        return File.Exists(path) ? SignedNote.Parse(File.ReadAllBytes(path)) : null;
    }

    internal static string PathIn(TrailHome home) => Path.Combine(home.SystemPath, "cosigned");
}
