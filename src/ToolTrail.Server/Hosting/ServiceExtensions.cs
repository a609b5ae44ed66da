using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolTrail.Hooks;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Server.Administration;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Reads;
using ToolTrail.Server.Verify;
using ToolTrail.Verification;

namespace ToolTrail.Server.Hosting;

/// <summary>What the features stand on.</summary>
internal static class ServiceExtensions
{
    // For requests to end by themselves. Supervisors kill after 10 s, and the trail has yet to be synced then.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    /// <summary>The home, its recorder, its reader and its seals.</summary>
    public static IServiceCollection AddTrail(this IServiceCollection services, TrailServerOptions options) => services
        .AddSingleton(options.Home)
        .AddSingleton(options.TimeProvider)
        // An instance of the caller's, which the container does not dispose.
        .AddSingleton(options.Configuration)
        .AddSingleton(provider => ToolCallRecorder.Open(options.Home, options.Configuration, options.TimeProvider, provider.GetRequiredService<ILoggerFactory>()))
        .AddSingleton(new TrailReader(options.Home, options.TimeProvider))
        .AddSingleton(new SealLog(options.Home, options.Configuration.Current.Integrity.SigningKey))
        .AddSingleton<HookCapture>()
        .AddSingleton<TrailProver>()
        .AddSingleton<TrailVerifier>()
        .AddSingleton<VerifyTurn>()
        .AddSingleton<ReadGate>()
        .AddHostedService<ConfigurationWatch>()
        .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);

    /// <summary>How answers are written: names as in the record format, records as stored, parameters that cannot be read told to the client.</summary>
    public static IServiceCollection AddAnswers(this IServiceCollection services) => services
        .Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true)
        .ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            // Answers are JSON and never HTML: names are written as they are.
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new StoredRecordConverter());
            json.SerializerOptions.Converters.Add(new VerdictConverter());
        });

    /// <summary>What holds for every endpoint under <c>/api/audit</c>, beside <see cref="Guarded"/>.</summary>
    public static RouteGroupBuilder AsAuditApi(this RouteGroupBuilder audit) => audit
        .Guarded()
        .WithKnownParametersAlone()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    /// <summary>A key is needed, and no answer may be kept by a cache.</summary>
    public static RouteGroupBuilder Guarded(this RouteGroupBuilder routes) => routes
        .WithTags("audit")
        .RequireAuthorization()
        .AddEndpointFilter((context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            context.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
}
