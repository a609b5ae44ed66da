using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using ToolTrail.Home;

namespace ToolTrail.Server.Hosting;

/// <summary>Where and how the server listens.</summary>
internal static class Listener
{
    // What has no body of its own purpose needs none; ingest lifts this.
    private const long MostBodyBytes = 64 * 1024;

    /// <summary>Listens on <c>server.urls</c>, with the configured certificate for https.</summary>
    /// <exception cref="TrailConfigurationException">An address or the certificate cannot be used.</exception>
    public static void AddListener(this WebApplicationBuilder builder, ServerSettings settings)
    {
        var addresses = ListenAddresses.Parse(settings);
        builder.WebHost.UseKestrelCore().UseUrls([.. addresses.Select(address => address.ToString())]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        });
        if (settings.Certificate is null)
            return;
        var certificate = Load(settings.Certificate, settings.CertificateKey);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
    }

    private static X509Certificate2 Load(string path, string? keyPath)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TrailConfigurationException($"server.certificate '{path}' cannot be used: {exception.Message}", exception);
        }
    }
}
