namespace ToolTrail.Home;

/// <summary>JWT bearer tokens.</summary>
public sealed record JwtSettings
{
    /// <summary>The issuer's address, where its metadata is found.</summary>
    public required string Authority { get; init; }

    /// <summary>The audience that a token must name.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim that holds the role. Default: <c>role</c>.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>The claim that holds the users a <c>user</c> or <c>producer</c> token stands for. Default: <c>sub</c>.</summary>
    public string UserClaim { get; init; } = "sub";
}
