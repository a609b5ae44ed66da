namespace ToolTrail.Recording;

/// <summary>What a capture inside a program writes into the records that its host cannot tell it.</summary>
public sealed record CaptureOptions
{
    // Asked once: each time the system reads its list of users for it, which takes longer than all the rest of recording.
    private static readonly string SystemUser = Environment.UserName;

    /// <summary>
    /// On whose behalf a call is made, asked when it begins: in a server, who is signed in. <c>null</c> (default), or an answer of <c>null</c>: who the host says
    /// that it is, else the operating system's user that the process runs as.
    /// </summary>
    public Func<string?>? User { get; init; }

    /// <summary>The agent's name; <c>null</c> (default): the host's own word for it.</summary>
    public string? Agent { get; init; }

    /// <summary>The session; <c>null</c> (default): the host's own.</summary>
    public string? Session { get; init; }

    /// <summary>The user of a call that begins now.</summary>
    /// <param name="host">Who the host says that it is; <c>null</c>: it does not.</param>
    public string UserOr(string? host) => User?.Invoke() ?? host ?? SystemUser;
}
