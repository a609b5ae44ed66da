using Microsoft.AspNetCore.Http;

namespace ToolTrail.Server.Access;

/// <summary>Who makes a request, as its key or token says.</summary>
/// <param name="Label">For logs and the trail: the key's id and name, or the token's subject.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Users">The users that a <see cref="Role.User"/> or <see cref="Role.Producer"/> stands for; for producers <c>*</c> is all.</param>
/// <param name="Ended">Cancelled once the key is revoked or has expired.</param>
internal sealed record Caller(string Label, Role Role, IReadOnlyList<string> Users, CancellationToken Ended)
{
    /// <summary>The caller of a request; <c>null</c>: nobody whom we know.</summary>
    public static Caller? Of(HttpContext context) => (context.User.Identity as CallerIdentity)?.Caller;

    /// <summary>Gives endpoints their caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(Of(context));

    /// <summary>Whether it may append records of a user.</summary>
    public bool MayWriteFor(string user) => Role == Role.Admin || (Role == Role.Producer && (Users.Contains(user) || Users.Contains("*")));
}
