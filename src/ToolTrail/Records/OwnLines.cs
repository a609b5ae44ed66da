namespace ToolTrail.Records;

/// <summary>The names of the recorder's own lines, which nobody else may write.</summary>
public static class OwnLines
{
    /// <summary>The reserved user, whose files tell who read and who administered the trail.</summary>
    public const string User = "tooltrail";

    /// <summary>Records were lost: how many, since when, why. In the file of the user who lost them.</summary>
    public const string Gap = "tooltrail.gap";

    /// <summary>A file was repaired, or a process that recorded to it ended without closing it. In that file.</summary>
    public const string Recovery = "tooltrail.recovery";

    /// <summary>Somebody read records through the server.</summary>
    public const string Read = "tooltrail.read";

    /// <summary>Somebody changed keys, policy or configuration.</summary>
    public const string Administration = "tooltrail.admin";

    /// <summary>
    /// The name under which a call of a tool is recorded, whatever the model called: <c>_tooltrail.x</c> for <c>tooltrail.x</c>, which only the recorder may write;
    /// every other name itself.
    /// </summary>
    public static string Unreserved(string tool) => IsReservedTool(tool) ? $"_{tool}" : tool;

    /// <summary>Whether a tool's name is one that only the recorder may write.</summary>
    public static bool IsReservedTool(string tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return tool.StartsWith("tooltrail.", StringComparison.Ordinal);
    }
}
