using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>What a request adds to its history.</summary>
internal static class LatestMessages
{
    /// <summary>The messages that the model has not answered to yet. What the others tell was recorded when they were sent the first time.</summary>
    public static IEnumerable<ChatMessage> Of(IReadOnlyCollection<ChatMessage> messages) =>
        messages.Reverse().TakeWhile(message => message.Role != ChatRole.Assistant).Reverse();
}
