using System.Text.Json.Serialization;

namespace ToolTrail.Extensions.AI;

/// <summary>How text is serialized without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class SerializedContext : JsonSerializerContext;
