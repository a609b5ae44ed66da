using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ToolTrail.Server.Errors;

/// <summary>Refuses query parameters that there are not: a filter with a slip in its name would be none, and the answer everybody's records.</summary>
internal static class KnownParameters
{
    /// <summary>Endpoints of this group take the parameters that they name, and no others.</summary>
    public static RouteGroupBuilder WithKnownParametersAlone(this RouteGroupBuilder routes) => routes.AddEndpointFilterFactory((endpoint, next) =>
    {
        var known = endpoint.MethodInfo.GetParameters().Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context => context.HttpContext.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? ValueTask.FromResult<object?>(Problems.BadRequest($"There is no parameter '{unknown}' here. /openapi/v1.json says which there are."))
            : next(context);
    });

    private static string NameOf(ParameterInfo parameter) => parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!;
}
