namespace ToolTrail.Sealing;

/// <summary>A part does not fit what was signed of it: nothing is repaired, nothing is signed, nothing more is appended to it.</summary>
internal sealed class PartAlarmException : Exception
{
    public PartAlarmException(string message)
        : base(message)
    {
    }
}
