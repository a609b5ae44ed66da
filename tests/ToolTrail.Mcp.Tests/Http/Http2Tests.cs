using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>Servers of the web speak HTTP/2 over TLS, whatever the client speaks with the proxy.</summary>
public sealed class Http2Tests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task AServerOverHttp2_IsSpokenToInIt_AndItsStreamPassesAsItComes()
    {
        using var certificate = Certificate();
        await File.WriteAllTextAsync(_home.Beside("ca.pem"), certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var goOn = new TaskCompletionSource();
        var protocol = "";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var server = builder.Build();
        server.Run(async context =>
        {
            protocol = context.Request.Protocol;
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("id: 1\ndata: \n\n");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync($"id: 2\ndata: {HttpWire.Answer}\n\n");
        });
        await server.StartAsync(TestContext.Current.CancellationToken);

        await using var proxy = ToolProcess.Start(
            ["proxy", "--home", _home.Path, "--user", "ada", "--listen", "127.0.0.1:0", "--upstream", server.Urls.First()],
            environment: new Dictionary<string, string?> { ["SSL_CERT_FILE"] = _home.Beside("ca.pem") });
        using var client = new HttpClient { BaseAddress = new Uri((await proxy.ReadLineAsync())!.Split(' ')[^1]) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(HttpWire.Call, Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("id: 1", await events.ReadLineAsync(TestContext.Current.CancellationToken));
        goOn.SetResult();
        Assert.Equal($"data: \n\nid: 2\ndata: {HttpWire.Answer}\n\n", await events.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("HTTP/2", protocol);

        proxy.Signal("TERM");
        Assert.Equal(0, await proxy.WaitForExitAsync());
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
