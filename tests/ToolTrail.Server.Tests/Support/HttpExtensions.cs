using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ToolTrail.Server.Tests.Support;

/// <summary>Short forms of what the tests do over HTTP.</summary>
public static class HttpExtensions
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<HttpStatusCode> StatusOfAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Cancel);
        return response.StatusCode;
    }

    /// <summary>A path that goes out as it is written.</summary>
    public static async Task<HttpStatusCode> StatusOfRawAsync(this HttpClient client, string path)
    {
        var raw = new Uri($"http://{client.BaseAddress!.Authority}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var response = await client.GetAsync(raw, Cancel);
        return response.StatusCode;
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path) =>
        await client.GetFromJsonAsync<JsonElement>(path, Cancel);

    public static Task<HttpResponseMessage> PostRecordsAsync(this HttpClient client, string body, string mediaType = "application/x-ndjson") =>
        client.PostAsync("/api/audit/records", new StringContent(body, Encoding.UTF8, mediaType), Cancel);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(Cancel));

    /// <summary>Sees that an answer is a problem with a status, and hands out its detail.</summary>
    public static async Task<string?> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.JsonAsync();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("type").GetString()!);
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
    }
}
