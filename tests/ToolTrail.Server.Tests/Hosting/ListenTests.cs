using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ToolTrail.Home;
using ToolTrail.Server.Hosting;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hosting;

public sealed class ListenTests
{
    [Fact]
    public void Default_IsLoopback_OnAFixedPort() => Assert.Equal("http://127.0.0.1:5280", new ServerSettings().Urls);

    [Theory]
    [InlineData("http://0.0.0.0:5280")]
    [InlineData("http://*:5280")]
    [InlineData("http://+:5280")]
    [InlineData("http://[::]:5280")]
    [InlineData("http://192.0.2.1:5280")]
    [InlineData("http://my-machine:5280")]
    [InlineData("http://localhost.example:5280")]
    [InlineData("http://127.0.0.1:5280;http://0.0.0.0:5281")]
    public void BeyondLoopback_WithoutTls_IsRefused_UnlessASwitchSaysSo(string urls)
    {
        var exception = Assert.Throws<TrailConfigurationException>(() => ListenAddresses.Parse(new ServerSettings { Urls = urls }));

        Assert.Contains("--allow-insecure", exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(ListenAddresses.Parse(new ServerSettings { Urls = urls, AllowInsecure = true }));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5280")]
    [InlineData("http://127.1.2.3:5280")]
    [InlineData("http://localhost:5280")]
    [InlineData("http://[::1]:5280")]
    public void Loopback_NeedsNoSwitch(string urls) => Assert.Single(ListenAddresses.Parse(new ServerSettings { Urls = urls }));

    [Theory]
    [InlineData("")]
    [InlineData(" ; ")]
    [InlineData("5280")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://unix:/run/tooltrail.sock")]
    [InlineData("http://127.0.0.1:5280/base")]
    [InlineData("https://127.0.0.1:5280")]
    public void WrongAddress_IsToldBeforeTheServerStarts(string urls) =>
        Assert.Contains("server.urls", Assert.Throws<TrailConfigurationException>(() => ListenAddresses.Parse(new ServerSettings { Urls = urls })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Https_WithAConfiguredCertificate_Serves()
    {
        using var folder = new TempFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(folder.At("cert.pem"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("key.pem"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(
            new ServerSettings { Urls = "https://127.0.0.1:0", Certificate = folder.At("cert.pem"), CertificateKey = folder.At("key.pem") });
        X509Certificate? seen = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, errors) =>
            {
                seen = shown is null ? null : X509CertificateLoader.LoadCertificate(shown.RawData);
                return errors != SslPolicyErrors.RemoteCertificateNotAvailable;
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = server.Address };

        Assert.Equal(HttpStatusCode.OK, await client.StatusOfAsync("/health/live"));
        Assert.Equal(certificate.GetCertHashString(), seen?.GetCertHashString());
    }

    [Fact]
    public async Task Https_WithACertificateThatThereIsNot_IsToldBeforeTheServerStarts()
    {
        var exception = await Assert.ThrowsAsync<TrailConfigurationException>(
            () => TestServer.StartAsync(new ServerSettings { Urls = "https://127.0.0.1:0", Certificate = "/nowhere/cert.pem" }));

        Assert.Contains("/nowhere/cert.pem", exception.Message, StringComparison.Ordinal);
    }
}
