using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolTrail.Server.Keys;

namespace ToolTrail.Server.Access;

/// <summary>Knows callers by their key.</summary>
internal sealed class ApiKeyHandler : AuthenticationHandler<AuthenticationSchemeOptions>
{
    public const string SchemeName = "key";
    private readonly ApiKeyRing _keys;

    public ApiKeyHandler(ApiKeyRing keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : base(options, logger, encoder) =>
        _keys = keys;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (Credential.Key(Request) is not { } text)
            return AuthenticateResult.NoResult();
        if (_keys.Find(text) is not { } held)
            return AuthenticateResult.Fail("The key is unknown, revoked or expired.");
        var caller = new Caller(held.Key.Label, held.Key.Role, held.Key.Users, held.Ended);
        return AuthenticateResult.Success(new AuthenticationTicket(CallerIdentity.Principal(caller, SchemeName), SchemeName));
    }
}
