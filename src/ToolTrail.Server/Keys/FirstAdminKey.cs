using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Storage;

namespace ToolTrail.Server.Keys;

/// <summary>The admin key that a home's first server start makes, so that somebody can sign in.</summary>
public static class FirstAdminKey
{
    private const string By = "first start";

    /// <summary>Makes the key if the home never had one, and shows it; the server accepts it at once.</summary>
    /// <param name="server">The server, already listening: one that cannot listen must leave no key behind.</param>
    /// <param name="terminal">Where somebody reads: the key is written there once and kept nowhere. <c>null</c>: it goes to a file that its owner alone can read.</param>
    /// <param name="cancellationToken">Gives up waiting for other processes.</param>
    /// <returns>The file that holds the key; <c>null</c> when it was shown, or none was made.</returns>
    /// <inheritdoc cref="ApiKeyAdministration.AddAsync" path="/exception"/>
    public static async Task<string?> EnsureAsync(WebApplication server, TextWriter? terminal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        var home = server.Services.GetRequiredService<TrailHome>();
        var keys = new ApiKeyAdministration(home, server.Services.GetRequiredService<ToolCallRecorder>(), server.Services.GetRequiredService<TimeProvider>());
        if (await keys.AddFirstAsync(By, cancellationToken) is not { } created)
            return null;
        server.Services.GetRequiredService<ApiKeyRing>().Reload();
        if (terminal is not null)
        {
            await terminal.WriteLineAsync($"This home's first admin key, shown this once: {created.Text}");
            return null;
        }

        var path = Path.Combine(home.SystemPath, "first-admin-key");
        DurableFile.Write(path, Encoding.UTF8.GetBytes(created.Text + "\n"));
        return path;
    }
}
