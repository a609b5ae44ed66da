using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Server.Access;
using ToolTrail.Server.AgentView;
using ToolTrail.Server.Day;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Files;
using ToolTrail.Server.Health;
using ToolTrail.Server.Hooks;
using ToolTrail.Server.Hosting;
using ToolTrail.Server.Ingest;
using ToolTrail.Server.Keys;
using ToolTrail.Server.OpenApi;
using ToolTrail.Server.Otlp;
using ToolTrail.Server.Proof;
using ToolTrail.Server.Recent;
using ToolTrail.Server.Seals;
using ToolTrail.Server.Stats;
using ToolTrail.Server.Telemetry;
using ToolTrail.Server.Verify;

namespace ToolTrail.Server;

/// <summary>The HTTP server over a home's trail.</summary>
public static class TrailServer
{
    /// <summary>
    /// Makes a server, which the caller starts, stops and disposes. It records to the home while it lives: stopping it in good order
    /// writes and syncs what is queued.
    /// </summary>
    /// <param name="options">What it serves.</param>
    /// <exception cref="TrailConfigurationException">The <c>server</c> settings cannot be used.</exception>
    /// <exception cref="ApiKeyException">The home's keys cannot be read.</exception>
    public static WebApplication Create(TrailServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Configuration.Current.Server;

        // Empty: no file and no variable but the home's configuration says where the server listens and what it does.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ToolTrail.Server", ContentRootPath = options.Home.SystemPath });
        options.ConfigureLogging?.Invoke(builder.Logging);
        builder.AddListener(settings);
        builder.AddTelemetry(settings);
        builder.Services
            .AddTrail(options)
            .AddAccess(settings.Jwt, options.TimeProvider)
            .AddApiDescription()
            .AddRouting()
            .AddAnswers()
            .AddOtlp()
            .AddAgentView(new CaptureOptions()).WithHttpTransport(http => http.Stateless = true);

        var app = builder.Build();
        app.UseProblems();
        app.UseMiddleware<HostCheck>();
        app.UseRouting();
        app.UseAccess();

        app.MapHealth();
        app.MapApiDescription();
        var audit = app.MapGroup("/api/audit").AsAuditApi();
        audit.MapRecent();
        audit.MapStats();
        audit.MapFiles();
        audit.MapDay();
        audit.MapProof();
        audit.MapVerify();
        audit.MapSeals();
        audit.MapIngest();
        app.MapAgentView();
        app.MapGroup("/v1").AsOtlpApi().MapTraces();
        app.MapGroup("/api/hooks").AsAuditApi().MapHooks();

        // What cannot be opened is found out now and not by the first request.
        app.Services.GetRequiredService<ApiKeyRing>();
        app.Services.GetRequiredService<ToolCallRecorder>();
        return app;
    }
}
