using System.Net;
using Microsoft.AspNetCore.Http;
using ToolTrail.Home;

namespace ToolTrail.Server.Hosting;

/// <summary>The addresses of <c>server.urls</c>, checked.</summary>
internal static class ListenAddresses
{
    /// <summary>Reads the addresses.</summary>
    /// <exception cref="TrailConfigurationException">One is none, or would show the trail to a network in the clear, or wants TLS without a certificate.</exception>
    public static IReadOnlyList<BindingAddress> Parse(ServerSettings settings)
    {
        var texts = settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (texts.Length == 0)
            throw new TrailConfigurationException("server.urls is empty: give an address, e.g. http://127.0.0.1:5280.");
        return [.. texts.Select(text => Check(ParseOne(text), settings))];
    }

    /// <summary>Whether a host can be reached from this machine alone.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static BindingAddress ParseOne(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            if (address.Scheme is "http" or "https" && address.PathBase.Length == 0 && !address.IsNamedPipe && !address.IsUnixPipe)
                return address;
        }
        catch (FormatException)
        {
            // Said below, in the same words as of any other text that is no address.
        }

        throw new TrailConfigurationException($"server.urls: '{text}' is not an address like http://127.0.0.1:5280.");
    }

    private static BindingAddress Check(BindingAddress address, ServerSettings settings)
    {
        if (address.Scheme == "https" && settings.Certificate is null)
            throw new TrailConfigurationException($"server.urls: '{address}' needs a certificate: set server.certificate, and server.certificateKey.");
        // Kestrel takes any name but localhost for every address of the machine.
        return IsLoopback(address.Host) || address.Scheme == "https" || settings.AllowInsecure ? address : throw new TrailConfigurationException(
            $"server.urls: '{address}' can be reached from other machines, without TLS: keys and records would cross the network in the clear. "
            + "Use https, or listen on 127.0.0.1 behind a proxy that does TLS, or say --allow-insecure (server.allowInsecure).");
    }
}
