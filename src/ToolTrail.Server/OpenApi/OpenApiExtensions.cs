using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ToolTrail.Reading;
using ToolTrail.Server.Access;
using ToolTrail.Verification;

namespace ToolTrail.Server.OpenApi;

/// <summary>The API's description, at <c>/openapi/v1.json</c>; it holds no data and needs no key.</summary>
internal static class OpenApiExtensions
{
    private const string BearerScheme = "bearer";
    private const string KeyScheme = "key";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "ToolTrail", Version = "1", Description = "Every tool call of your agents: read it back, and add to it." };
            document.AddComponent(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key of 'tooltrail keys add', or a JWT of the configured issuer.",
            });
            document.AddComponent(KeyScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Credential.ApiKeyHeader,
                Description = "A key of 'tooltrail keys add'.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
                operation.Security = [Requirement(BearerScheme, context.Document!), Requirement(KeyScheme, context.Document!)];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(StoredRecord))
                RecordSchema.Fill(schema);
            else if (context.JsonTypeInfo.Type == typeof(TrailVerdict))
                VerdictSchema.Fill(schema);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json");

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
