using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Http;

/// <summary>Finds on whose behalf a request is made.</summary>
internal sealed class CallerNames(McpHttpProxyOptions options)
{
    private const string Bearer = "Bearer ";

    /// <summary>The header's user, else the token's, else the one of the options.</summary>
    public string UserOf(HttpRequest request)
    {
        var named = options.UserHeader is { } header && request.Headers[header].ToString() is { Length: > 0 } user ? user
            : options.UserClaim is { } claim ? ClaimOf(request.Headers.Authorization.ToString(), claim)
            : null;
        // The recorder's own lines are nobody else's.
        return named is null or OwnLines.User ? options.User : named;
    }

    private static string? ClaimOf(string authorization, string claim)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || authorization[Bearer.Length..].Split('.') is not [_, var payload, _])
            return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return claims.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString() : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // No JWT: the token is the server's affair, and tells the proxy nothing.
            return null;
        }
    }
}
