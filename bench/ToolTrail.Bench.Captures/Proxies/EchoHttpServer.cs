using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>The least that a server over Streamable HTTP does: a message is posted, and its answer is the response.</summary>
internal static class EchoHttpServer
{
    public static async Task RunAsync(int port, IAnswers answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        app.MapPost("/mcp", (RequestDelegate)(context => AnswerAsync(context, answers)));
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context, IAnswers answers)
    {
        using var body = new StreamReader(context.Request.Body);
        if (await answers.AnswerAsync(await body.ReadToEndAsync()) is not { } answer)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    }
}
