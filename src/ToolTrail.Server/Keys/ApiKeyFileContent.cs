using System.Text.Json.Serialization;

namespace ToolTrail.Server.Keys;

/// <summary>What stands in <c>keys.json</c>.</summary>
/// <param name="Keys">All keys ever made, in that order; revoked ones stay, so that a trail's ids can be explained.</param>
internal sealed record ApiKeyFileContent(IReadOnlyList<ApiKey> Keys);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ApiKeyFileContent))]
internal sealed partial class ApiKeyFileJson : JsonSerializerContext;
