using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ToolTrail.Server.Tests.Access;

/// <summary>An OpenID Connect issuer on this machine: metadata, keys, and tokens as a test wants them.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "tooltrail";
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _app;
    private readonly RsaSecurityKey _key;

    private TokenIssuer()
    {
        _key = new RsaSecurityKey(_rsa) { KeyId = "k1" };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Address, jwks_uri = $"{Address}/keys" }));
        var shown = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = "k1" });
        _app.MapGet("/keys", () => Results.Json(new { keys = new[] { new { kty = shown.Kty, kid = shown.KeyId, n = shown.N, e = shown.E, use = "sig" } } }));
    }

    public string Address => _app.Urls.First();

    public static async Task<TokenIssuer> StartAsync()
    {
        var issuer = new TokenIssuer();
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Signs a token.</summary>
    /// <param name="claims">Its claims beside issuer, audience and times.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="lifetime">From now; negative: expired.</param>
    /// <param name="key">Signs it; <c>null</c>: the issuer's key.</param>
    public string Token(Dictionary<string, object> claims, string audience = Audience, TimeSpan? lifetime = null, SecurityKey? key = null)
    {
        var expires = TimeProvider.System.GetUtcNow().UtcDateTime + (lifetime ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = audience,
            NotBefore = expires.AddHours(-1),
            IssuedAt = expires.AddHours(-1),
            Expires = expires,
            Claims = claims,
            SigningCredentials = new SigningCredentials(key ?? _key, SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}
