using Microsoft.AspNetCore.Http;
using ToolTrail.Server.Keys;

namespace ToolTrail.Server.Access;

/// <summary>What a request brings to prove who it is: <c>X-Api-Key: KEY</c>, or <c>Authorization: Bearer</c> with a key or a token.</summary>
internal static class Credential
{
    public const string ApiKeyHeader = "X-Api-Key";
    private const string Bearer = "Bearer ";

    /// <summary>The key; <c>null</c>: none. A bearer token that is not a key of ours counts too: unless tokens are configured, it is a wrong one.</summary>
    public static string? Key(HttpRequest request)
    {
        if (request.Headers.TryGetValue(ApiKeyHeader, out var key))
            return key.ToString();
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    /// <summary>Whether the request brings a bearer token that is not one of our keys.</summary>
    public static bool IsToken(HttpRequest request) =>
        !request.Headers.ContainsKey(ApiKeyHeader) && Key(request) is { } credential && !ApiKeyText.LooksLikeKey(credential);
}
