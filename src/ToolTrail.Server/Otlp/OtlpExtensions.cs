using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Server.Hosting;

namespace ToolTrail.Server.Otlp;

/// <summary>OTLP's endpoints.</summary>
internal static class OtlpExtensions
{
    /// <summary>What they need.</summary>
    public static IServiceCollection AddOtlp(this IServiceCollection services) => services
        .AddSingleton<OtlpIntake>()
        .AddSingleton<IProblemDetailsService, OtlpErrors>();

    /// <summary>What holds for every endpoint under <c>/v1</c>.</summary>
    public static RouteGroupBuilder AsOtlpApi(this RouteGroupBuilder otlp) => otlp
        .Guarded()
        .ProducesStatus(StatusCodes.Status401Unauthorized)
        .ProducesStatus(StatusCodes.Status403Forbidden)
        .ProducesStatus(StatusCodes.Status429TooManyRequests);

    /// <summary>Describes an error that is told by a <c>google.rpc.Status</c>.</summary>
    public static TBuilder ProducesStatus<TBuilder>(this TBuilder builder, int status)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(OtlpStatus), [OtlpFormat.Protobuf.ContentType, OtlpFormat.Json.ContentType]));
}
